/** Somebody who could be asked for a review. */
export interface ReviewerChoice {
  /** In lower case; a request names people by it. */
  readonly email: string;
  readonly name: string;
  /** Of the policy in force. */
  readonly roles: readonly string[];
  /** Whether they are known only from the policy. */
  readonly isNew: boolean;
}

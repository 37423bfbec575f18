@echo off
rem The CLI of the extension, for terminals of VS Code on Windows.
setlocal
set ELECTRON_RUN_AS_NODE=1
if not defined PROMPT_AUDIT_NODE set PROMPT_AUDIT_NODE=node
"%PROMPT_AUDIT_NODE%" "%~dp0..\..\dist\cli.js" %*

"""The basket's room: records a reader puts aside, without an account: to print, to send, to take to another program."""

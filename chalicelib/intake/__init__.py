"""What lies in the inbox: a file read once and turned into first messages, one a prompt, or refused with a record."""

"""Jobs followed from outside: what an outbox tells of them, shown while they run, copied, remembered. Not deployed."""

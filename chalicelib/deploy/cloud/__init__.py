"""The only code of the deployment that calls AWS. Clients are handed in; nothing here decides or prints."""

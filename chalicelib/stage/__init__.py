"""Jobs of a stage, from outside: sent, listed, followed, fetched, ended, sent again, shown on one page. Not deployed.

May read the stage's outboxes, write prompt files to its inbox, files to the user's own directory and to an outbox what
ends a job (`cancel`), and send dead letters again (`redrive`); nothing else. It asks no model and takes no object away.
"""

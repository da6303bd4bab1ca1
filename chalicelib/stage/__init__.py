"""Jobs of a stage, from outside: sent, listed, followed, fetched, shown on one page. Not deployed.

May read the stage's outboxes and write prompt files to its inbox, and files to the user's own directory; nothing else.
It asks no model, sends no message, and takes no object away.
"""

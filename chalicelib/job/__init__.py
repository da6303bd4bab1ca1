"""What a job is and what follows in it: pure values and tables; nothing here reads, writes, asks or waits.

Read as a story: a `request` (the prompt file) becomes a `message` that travels; whatever comes out of a queue is an
`arrival`, whose `destination` says where the job lies that it wakes; an attempt's `record` says what came of it;
`protocol` says who does what with a delivery, `judging` when an image is accepted and which is the best,
`what_follows` what comes after an attempt, `rewriting` what a new prompt must keep, `job_result` what the job came to,
`outbox_keys` where each of these lies.

inbox        where prompt files are dropped: `inbox/` in the stage's inbox bucket
outbox       where everything a job leaves is kept: `<output prefix>/<job>/`
job          one accepted prompt, from its first attempt to its one `result.json`
revision     one wording of the prompt, counted from 0; revision 0 is the user's own
attempt      one image call and its check, in one invocation, counted from 0 within its revision
position     revision and attempt together: `RRR-AAA` in the outbox
generation   one paid image call of an attempt; at most two
requirement  one thing the image must show, or must not; numbered, and frozen for the job
look         one question to one vision model about one image: the checklist, or a grade
verdict      what a look came to by code: accepted, rejected; what cannot be read is neither
share        of the requirements, how many an image meets: 0 to 1
grade        a judge's mark of a whole image, blind to the checklist: 0 to 10
claim        the record of an attempt before its outcome: who is at it, and until when
lease        how long a claim holds; over it, somebody else may take the attempt over
deferral     the same attempt put off through the queue, because of something that will pass
outcome      what an attempt came to: accepted, rejected, blocked, lost, failed, cancelled
mark         a record that holds a place where nobody is to begin, because the job is being cancelled; no state of it
dead letter  a message the queue gave up on; it ends its job with a FAIL and is kept
"""

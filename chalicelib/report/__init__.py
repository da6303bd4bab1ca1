"""Pages for people: a job's contact sheet and the gallery of many jobs. Pure: records and results in, HTML out."""

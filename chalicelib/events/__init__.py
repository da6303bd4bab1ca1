"""The edges of the pipeline: what Lambda hands over and what SQS takes, as pure values and rules of AWS's own."""

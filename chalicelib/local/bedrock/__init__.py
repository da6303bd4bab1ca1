"""A stand-in for Amazon Bedrock on this machine: real shapes, limits and errors, drawn pictures.

It is how the product is checked, so it is an implementation of its own: nothing here may import anything of
chalicelib outside chalicelib.local, and a deployment never uses it.
"""

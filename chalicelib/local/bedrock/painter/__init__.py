"""Pictures worth looking at, composed from what a prompt names, with Pillow and nothing else.

Every known element is drawn with tones of its own (see `tones`), flat enough to be recognised from pixels later; the
painter leaves no other trace of what it drew. Same order, same bytes.
"""

"""What holds for every test: properties are about values, not about how busy the machine is."""

from hypothesis import settings

settings.register_profile("retake", deadline=None)
settings.load_profile("retake")

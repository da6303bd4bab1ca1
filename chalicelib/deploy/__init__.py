"""From a clone to a running deployment, and back: `up`, `doctor`, `down`. Never part of what is deployed."""

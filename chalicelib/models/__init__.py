"""What is known of each model family: limits, bodies, replies, prices. Pure; must not call anything."""

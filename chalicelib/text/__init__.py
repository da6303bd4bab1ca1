"""Text from outside: read strictly, cleaned of characters that cannot travel, cut at a boundary. Knows no job."""

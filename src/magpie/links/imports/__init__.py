"""Reading what people bring along from other programs: lists of what they follow, and of what they have."""

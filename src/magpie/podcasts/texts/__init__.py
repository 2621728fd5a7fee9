"""What is read out of files and pages."""

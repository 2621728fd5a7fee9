"""Looking after what is on the disks: scanning and adopting folders, moved, changed, missing and damaged files, space."""

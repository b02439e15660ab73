"""Pictures inside the file that nobody sees: previews, further frames, what lies under transparent places."""

"""What the screens are made of: each widget shows one thing and tells what was pressed."""

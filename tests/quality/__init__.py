"""The detector judged on sentences of our own, labelled by docs/labels.md."""

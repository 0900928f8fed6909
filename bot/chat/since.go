package chat

// KindSince is a date that looks back: 2026-12-01, or 30d for thirty days ago.
const KindSince Kind = "since"

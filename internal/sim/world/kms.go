package world

import "time"

// KMS is the state of encryption keys.
type KMS struct {
	Keys    Table[Key]      // by id
	Aliases Table[KeyAlias] // by name, with "alias/"; not those of AWS, which are always there
}

// Key is a symmetric encryption key that somebody made.
type Key struct {
	ID, ARN, Description string
	Policy               string
	State                string // "Enabled", "Disabled", "PendingDeletion"
	Managed              string // the alias of a key that AWS manages; empty: somebody made it
	Window               int    // days of a deletion that is scheduled
	Created, Deletes     time.Time
	RotateEvery          int // days; 0: never
	RotateFrom           time.Time
	Tags                 Tags
}

// KeyAlias is another name of a key.
type KeyAlias struct {
	Name, ARN, Key   string // Key is an id
	Created, Updated time.Time
}

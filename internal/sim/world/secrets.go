package world

import "time"

// Secrets is the state of Secrets Manager.
type Secrets struct {
	Secrets Table[Secret] // by name
}

// Secret is a secret with its versions, the oldest first.
type Secret struct {
	Name, ARN, Description string
	Key                    string // the KMS key as it was given; empty: alias/aws/secretsmanager
	Created, Changed       time.Time
	Deleted                time.Time // when its deletion was asked for; zero: it was not
	Deletes                time.Time // when it goes for good
	Forced                 bool      // it cannot be restored
	Tags                   Tags
	Versions               []SecretVersion
}

// SecretVersion is one value of a secret.
type SecretVersion struct {
	ID      string // the token of the call that made it
	Text    string
	Binary  []byte // instead of Text
	Stages  []string
	Created time.Time
}

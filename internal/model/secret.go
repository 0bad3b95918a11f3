package model

import "strings"

// Secret is a secret in Secrets Manager that holds the login of a registry. Its value is never here: only whether it is the one
// that shall be stored.
type Secret struct {
	Registry    string // "docker.io": the key's name is "registry/docker.io"
	Name        string
	Description string
	Username    string
	Value       string // "current", or "other"; it says no more
	KMSKey      string // empty: AWS's own key
	Tags        Tags
}

// The states of what must not be shown, beside what shall be stored.
const (
	CurrentValue = "current" // it is stored, or nobody says what else should be
	OtherValue   = "other"   // something else is stored, or nothing
)

const registrySecret = "registry/"

// SecretKey names the secret of a registry.
func SecretKey(host string) Key { return Key{KindSecret, registrySecret + host} }

// RegistryOf is the registry host of a secret's key.
func RegistryOf(k Key) string { return strings.TrimPrefix(k.Name, registrySecret) }

// Key is SecretKey of its registry.
func (s Secret) Key() Key { return SecretKey(s.Registry) }

// Refs is empty.
func (s Secret) Refs() []Key { return nil }

// Attrs lists the secret's settings.
func (s Secret) Attrs() []Attr {
	var a attrs
	a.text("name", s.Name)
	a.text("description", s.Description)
	a.text("username", s.Username)
	a.text("value", s.Value)
	a.text("kms_key", s.KMSKey)
	a.tags(s.Tags)
	return a
}

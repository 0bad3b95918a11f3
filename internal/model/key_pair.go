package model

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// KeyPair is the public half of an SSH key that the instances of a group take. EC2 changes no key, so another key is
// another pair: its key's name contains a hash of it, and the old pair goes when nothing launches with it any more.
type KeyPair struct {
	Of        string // the key's name: "default/1f2e3d4c", the group and the hash of its public key
	Name      string
	PublicKey string // type and key, without the comment: "ssh-ed25519 AAAA…"
	Tags      Tags
}

// KeyPairKey names the key pair of a group's public key.
func KeyPairKey(group, publicKey string) Key {
	sum := sha256.Sum256([]byte(BareKey(publicKey)))
	return Key{KindKeyPair, group + "/" + hex.EncodeToString(sum[:4])}
}

// BareKey is an OpenSSH public key without its comment, which says nothing about the key.
func BareKey(line string) string {
	words := strings.Fields(line)
	return strings.Join(words[:min(len(words), 2)], " ")
}

// Key is KeyPairKey of its group and public key.
func (k KeyPair) Key() Key { return Key{KindKeyPair, k.Of} }

// Refs is empty.
func (k KeyPair) Refs() []Key { return nil }

// Attrs lists the pair's settings.
func (k KeyPair) Attrs() []Attr {
	var a attrs
	a.text("name", k.Name)
	a.text("public_key", k.PublicKey)
	a.tags(k.Tags)
	return a
}

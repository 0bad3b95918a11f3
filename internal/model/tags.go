package model

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Tag is a key and a value on an AWS resource.
type Tag struct{ Key, Value string }

// Tags are tags sorted by key.
type Tags []Tag

// NewTags sorts tags by key; of two with one key the later wins.
func NewTags(tags ...Tag) Tags {
	var out Tags
	for _, t := range tags {
		out = out.With(t.Key, t.Value)
	}
	return out
}

// Get is the value of a tag, empty when there is none.
func (t Tags) Get(key string) string {
	v, _ := t.Lookup(key)
	return v
}

// Lookup finds a tag's value.
func (t Tags) Lookup(key string) (string, bool) {
	i, ok := t.find(key)
	if !ok {
		return "", false
	}
	return t[i].Value, true
}

// With is t with one tag added or replaced; t itself stays as it is.
func (t Tags) With(key, value string) Tags {
	i, ok := t.find(key)
	if ok {
		out := slices.Clone(t)
		out[i].Value = value
		return out
	}
	return slices.Insert(slices.Clone(t), i, Tag{key, value})
}

// Without is t without the tag of that key.
func (t Tags) Without(key string) Tags {
	return slices.DeleteFunc(slices.Clone(t), func(tag Tag) bool { return tag.Key == key })
}

func (t Tags) find(key string) (int, bool) {
	return slices.BinarySearchFunc(t, key, func(tag Tag, k string) int { return strings.Compare(tag.Key, k) })
}

// The tags that berth sets and reads. The first five say what a resource is; the rest is what must be remembered between
// two runs, since there is no state file.
const (
	TagEnvironment = "Environment"
	TagCluster     = "Cluster"
	TagGroup       = "InstanceGroup"
	TagName        = "Name"
	TagKey         = "berth:key"     // whose it is, and its Key: "prod_shop:subnet.private/eu-west-1a"
	TagUserTags    = "berth:tags"    // which tags are the file's, as UserTags writes it, so that one taken out of the file is removed
	TagAMI         = "berth:ami"     // launch templates: what the image was resolved for ("family/arch", or "given"), and its id
	TagDesired     = "berth:desired" // groups: the starting size that was last applied from the file
	TagAlerts      = "berth:alerts"  // the topic: which subscriptions are the file's, as SubscriptionMarks writes it
	TagAsked       = "berth:asked"   // the topic: when a receiver was last asked to confirm a subscription (RFC 3339)
	TagRoll        = "berth:roll"    // groups: the roll that is under way, "RUN", and what somebody wants of it, "pause RUN"
	TagFloor       = "berth:floor"   // groups: the minimum size before a roll has raised it, so that autoscaling leaves the surge alone
	TagSurge       = "berth:surge"   // groups: by how much a roll has raised the maximum size, as Surge writes it
	TagManaged     = "AmazonECSManaged"
)

// Own keeps the tags that berth looks after: its own, and those it was told to set. Tags that others put on the
// resource are theirs and never drift.
func (t Tags) Own() Tags {
	users := t.Get(TagUserTags)
	return slices.DeleteFunc(slices.Clone(t), func(tag Tag) bool { return !ownTag(tag.Key) && !remembers(users, tag.Key) })
}

// markLength is how many hex digits stand for a key in TagUserTags: forty keys fit into a tag's 256 characters.
const markLength = 6

// UserTags is the value of TagUserTags for the file's tags with these keys: a few digits of each key's hash, side by
// side. The keys themselves would not fit, and no character is left to part them: keys may hold all that values may.
func UserTags(keys ...string) string {
	var out strings.Builder
	for _, k := range keys {
		sum := sha256.Sum256([]byte(k))
		out.WriteString(hex.EncodeToString(sum[:])[:markLength])
	}
	return out.String()
}

func remembers(users, key string) bool {
	mark := UserTags(key)
	for ; len(users) >= markLength; users = users[markLength:] {
		if users[:markLength] == mark {
			return true
		}
	}
	return false
}

func ownTag(key string) bool {
	switch key {
	case TagEnvironment, TagCluster, TagGroup, TagName, TagKey, TagUserTags, TagAMI, TagManaged:
		return true
	}
	return false
}

// Setting is one named attribute of a load balancer or target group, with AWS's own name and text.
type Setting struct{ Name, Value string }

// Settings are settings sorted by name.
type Settings []Setting

// Get is the value of a setting, empty when there is none.
func (s Settings) Get(name string) string {
	for _, one := range s {
		if one.Name == name {
			return one.Value
		}
	}
	return ""
}

// NewSettings sorts settings by name.
func NewSettings(s ...Setting) Settings {
	out := slices.Clone(s)
	slices.SortFunc(out, func(a, b Setting) int { return strings.Compare(a.Name, b.Name) })
	return out
}

package world

import (
	"fmt"
	"strings"
)

// Call is one API operation under way; it is the first argument of every service function.
type Call struct {
	*World
	Region    *Region // the region that the request was signed for
	Service   string  // "ec2", "autoscaling", …
	Operation string  // "CreateVpc"
	RequestID string
}

// ARN makes an Amazon Resource Name in the call's region and account.
func (c *Call) ARN(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, c.Region.Name, Account, resource)
}

// Tag is a key and a value on a resource.
type Tag struct{ Key, Value string }

// Legal tells whether the owner of a resource may set a tag: a key of 1 to 128 bytes that is not AWS's own, a value of at most 256
// (AWS general reference, "Tag naming limits and requirements").
func (t Tag) Legal() bool {
	return t.Key != "" && len(t.Key) <= 128 && len(t.Value) <= 256 && !strings.HasPrefix(strings.ToLower(t.Key), "aws:")
}

// Tags are the tags of a resource, in the order in which they were set.
type Tags []Tag

// Get finds a tag's value.
func (t Tags) Get(key string) (string, bool) {
	for _, tag := range t {
		if tag.Key == key {
			return tag.Value, true
		}
	}
	return "", false
}

// Set adds or replaces tags and returns the result; t itself is not changed.
func (t Tags) Set(more ...Tag) Tags {
	out := append(Tags(nil), t...)
next:
	for _, m := range more {
		for i := range out {
			if out[i].Key == m.Key {
				out[i].Value = m.Value
				continue next
			}
		}
		out = append(out, m)
	}
	return out
}

// Without leaves out the tags with the given keys.
func (t Tags) Without(keys ...string) Tags {
	var out Tags
next:
	for _, tag := range t {
		for _, k := range keys {
			if tag.Key == k {
				continue next
			}
		}
		out = append(out, tag)
	}
	return out
}

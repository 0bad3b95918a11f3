package s3

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// null is the id of a version that was written without versioning.
const null = "null"

// now is the world's time as S3 tells it: in whole seconds.
func now(c *world.Call) time.Time { return c.Now().Truncate(time.Second) }

// newVersionID is what a new version of a bucket is called.
func newVersionID(c *world.Call, b *world.StorageBucket) string {
	if b.Versioning == "Enabled" {
		return c.Hex(32)
	}
	return null
}

// push makes v the current version of a key. There is at most one null version: a new one replaces the old.
func push(b *world.StorageBucket, key string, v world.ObjectVersion) {
	head, ok := b.Objects.Get(key)
	if !ok {
		head = &world.ObjectHead{}
		b.Objects.Put(key, head)
	}
	kept := head.Versions
	if v.ID == null {
		kept = slices.DeleteFunc(slices.Clone(kept), func(old world.ObjectVersion) bool { return old.ID == null })
	}
	head.Versions = append([]world.ObjectVersion{v}, kept...)
}

// drop removes one version for good and gives it back, the zero one when it is not there.
func drop(b *world.StorageBucket, key, id string) world.ObjectVersion {
	head, ok := b.Objects.Get(key)
	if !ok {
		return world.ObjectVersion{}
	}
	i := slices.IndexFunc(head.Versions, func(v world.ObjectVersion) bool { return v.ID == id })
	if i < 0 {
		return world.ObjectVersion{}
	}
	v := head.Versions[i]
	head.Versions = slices.Delete(slices.Clone(head.Versions), i, i+1)
	if len(head.Versions) == 0 {
		b.Objects.Delete(key)
	}
	return v
}

// current is the newest version of a key, unless that is a delete marker.
func current(b *world.StorageBucket, key string) (*world.ObjectVersion, bool) {
	head, ok := b.Objects.Get(key)
	if !ok || head.Versions[0].Marker {
		return nil, false
	}
	return &head.Versions[0], true
}

// shown is a version's id as answers tell it: not at all for a bucket that never had versions.
func shown(b *world.StorageBucket, id string) *string {
	if b.Versioning == "" {
		return nil
	}
	return &id
}

func noKey() error { return missing("NoSuchKey", "The specified key does not exist.") }

func preconditionFailed() error {
	return wire.Errorf("PreconditionFailed", "At least one of the pre-conditions you specified did not hold").WithStatus(412)
}

// matches compares an ETag with a header's value, which may lack the quotes or be "*".
func matches(etag, header string) bool {
	return header == "*" || strings.Trim(etag, `"`) == strings.Trim(strings.TrimPrefix(header, "W/"), `"`)
}

// checkKey refuses keys that cannot be.
func checkKey(key string) error {
	if len(key) > 1024 {
		return wire.Errorf("KeyTooLongError", "Your key is too long")
	}
	return nil
}

// keys are a bucket's keys in the order in which S3 lists them, that of their bytes.
func keys(b *world.StorageBucket) []string {
	out := make([]string, 0, b.Objects.Len())
	for k := range b.Objects.All() {
		out = append(out, k)
	}
	slices.SortFunc(out, cmp.Compare[string])
	return out
}

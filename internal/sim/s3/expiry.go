package s3

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/world"
)

// sweep lets everything happen in a bucket that its lifecycle rules wanted until now.
func sweep(c *world.Call, b *world.StorageBucket) {
	if b.Lifecycle == "" {
		return
	}
	l := readLifecycle(b)
	for key := range b.Objects.All() {
		l.expire(c, b, key)
	}
}

// sweepKey does the same for one key.
func sweepKey(c *world.Call, b *world.StorageBucket, key string) {
	if b.Lifecycle != "" {
		readLifecycle(b).expire(c, b, key)
	}
}

// expire lets the rules take away from one key until they find nothing more: an expired object's delete marker makes
// its versions noncurrent, which may be due as well.
func (l lifecycle) expire(c *world.Call, b *world.StorageBucket, key string) {
	for again := true; again; {
		again = false
		for i := range l.Rules {
			if r := &l.Rules[i]; r.Status == types.ExpirationStatusEnabled {
				again = expireCurrent(c, b, key, r) || again
				again = expireNoncurrent(c, b, key, r) || again
			}
		}
	}
}

// expireCurrent takes the current version of a key away, and a delete marker with nothing beneath it.
func expireCurrent(c *world.Call, b *world.StorageBucket, key string, r *types.LifecycleRule) bool {
	head, ok := b.Objects.Get(key)
	if !ok || r.Expiration == nil || !covers(r, key, &head.Versions[0]) {
		return false
	}
	v := head.Versions[0]
	due, timed := dueAt(r.Expiration, v.Modified)
	timed = timed && !due.After(c.Now())
	switch {
	case v.Marker && len(head.Versions) == 1 && (timed || aws.ToBool(r.Expiration.ExpiredObjectDeleteMarker)):
		b.Objects.Delete(key)
	case v.Marker || !timed:
		return false
	case b.Versioning == "":
		b.Objects.Delete(key)
	default:
		push(b, key, world.ObjectVersion{ID: newVersionID(c, b), Marker: true, Modified: due})
	}
	return true
}

// dueAt is when a version expires, and whether it does by time at all.
func dueAt(e *types.LifecycleExpiration, modified time.Time) (time.Time, bool) {
	switch {
	case e.Days != nil:
		return after(modified, *e.Days), true
	case e.Date != nil:
		return *e.Date, true
	}
	return time.Time{}, false
}

// expireNoncurrent takes versions away that were replaced long ago.
func expireNoncurrent(c *world.Call, b *world.StorageBucket, key string, r *types.LifecycleRule) bool {
	head, ok := b.Objects.Get(key)
	if !ok || r.NoncurrentVersionExpiration == nil {
		return false
	}
	days := aws.ToInt32(r.NoncurrentVersionExpiration.NoncurrentDays)
	spared := int(aws.ToInt32(r.NoncurrentVersionExpiration.NewerNoncurrentVersions))
	kept := head.Versions[:1:1]
	for i := 1; i < len(head.Versions); i++ {
		v := &head.Versions[i]
		due := after(head.Versions[i-1].Modified, days) // noncurrent since the next one was written
		if i <= spared || due.After(c.Now()) || !covers(r, key, v) {
			kept = append(kept, *v)
		}
	}
	changed := len(kept) < len(head.Versions)
	head.Versions = kept
	return changed
}

// covers tells whether a rule is about a version.
func covers(r *types.LifecycleRule, key string, v *world.ObjectVersion) bool {
	if !strings.HasPrefix(key, aws.ToString(r.Prefix)) { //nolint:staticcheck // old clients still send it, and S3 still obeys
		return false
	}
	f := r.Filter
	if f == nil {
		return true
	}
	var tags []types.Tag
	if f.Tag != nil {
		tags = append(tags, *f.Tag)
	}
	and := f.And
	if and == nil {
		and = &types.LifecycleRuleAndOperator{}
	}
	if !strings.HasPrefix(key, aws.ToString(f.Prefix)) || !strings.HasPrefix(key, aws.ToString(and.Prefix)) {
		return false
	}
	for _, t := range append(tags, and.Tags...) {
		if value, ok := v.Tags.Get(aws.ToString(t.Key)); !ok || value != aws.ToString(t.Value) {
			return false
		}
	}
	return within(v, f.ObjectSizeGreaterThan, f.ObjectSizeLessThan) && within(v, and.ObjectSizeGreaterThan, and.ObjectSizeLessThan)
}

func within(v *world.ObjectVersion, greater, less *int64) bool {
	size := int64(len(v.Data))
	return (greater == nil || size > *greater) && (less == nil || size < *less)
}

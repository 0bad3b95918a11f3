// Package lease lets one writer at a time work on a cluster, by conditional writes to one S3 object.
//
// In: a Cloud, the cluster's bucket, who wants it. Out: a Lease to be renewed between steps and given back at the end,
// or *Held with the one who has it. It reads and writes nothing but its object, and never waits longer than it takes
// to see that a holder is dead.
package lease

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/cloud"
)

// TTL is how long a lease outlives its last renewal.
const TTL = 90 * time.Second

// The leases of a cluster.
const (
	Infra = "lease/infra" // apply, destroy
)

// Holder says who holds a lease, for the one who would like to have it.
type Holder struct {
	Owner string    `json:"owner"` // user
	Host  string    `json:"host"`
	Verb  string    `json:"verb"`
	Run   string    `json:"run"`
	Since time.Time `json:"since"`
	Beat  int       `json:"beat"` // counts renewals, so that every renewal changes the object
}

// String is the holder in one line.
func (h Holder) String() string {
	return fmt.Sprintf("%s@%s (berth %s, since %s)", h.Owner, h.Host, h.Verb, h.Since.UTC().Format(time.RFC3339))
}

// Held says that somebody else works on the cluster.
type Held struct{ Holder Holder }

// Error names the holder.
func (h *Held) Error() string { return "another run holds the cluster: " + h.Holder.String() }

// ErrLost says that somebody took the lease over: this run was too slow to renew it and must not write any more.
var ErrLost = errors.New("the lease was taken over by another run")

// Lease is a lease that this run holds.
type Lease struct {
	c            *cloud.Cloud
	bucket, name string
	holder       Holder
	etag         string
	renewed      time.Time
	// Unclean says that the run before did not give the lease back: it died, and AWS's answers to it may be lost.
	Unclean bool
}

// Take gets the lease. When somebody holds it, Take watches: a holder that renews is alive (*Held); one that did not
// for a whole TTL of our own clock is dead, and the lease is taken over.
func Take(ctx context.Context, c *cloud.Cloud, bucket, name string, who Holder) (*Lease, error) {
	who.Since = c.Clock.Now()
	l := &Lease{c: c, bucket: bucket, name: name, holder: who}
	for {
		switch err := l.put(ctx, func(in *s3.PutObjectInput) { in.IfNoneMatch = aws.String("*") }); {
		case err == nil:
			return l, nil
		case !refused(err):
			return nil, err
		}
		freed, err := l.watch(ctx)
		if err != nil || !freed {
			return l, err
		}
	}
}

// watch looks at the holder until it is known to be alive (an error), gone (freed), or dead (the lease is ours).
func (l *Lease) watch(ctx context.Context) (freed bool, err error) {
	holder, etag, err := l.get(ctx)
	if cloud.Missing(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if holder.Run == l.holder.Run {
		l.etag, l.renewed = etag, l.c.Clock.Now() // our own first put, whose answer was lost
		return false, nil
	}
	for seen := l.c.Clock.Now(); l.c.Clock.Now().Sub(seen) < TTL; {
		if err := l.c.Clock.Sleep(ctx, 10*time.Second); err != nil {
			return false, err
		}
		_, now, err := l.get(ctx)
		switch {
		case cloud.Missing(err):
			return true, nil
		case err != nil:
			return false, err
		case now != etag:
			return false, &Held{holder}
		}
	}
	l.Unclean = true
	l.holder.Since = l.c.Clock.Now()
	err = l.put(ctx, func(in *s3.PutObjectInput) { in.IfMatch = aws.String(etag) })
	if refused(err) || cloud.Missing(err) {
		return true, nil // another one was faster, or the holder gave it back after all: from the start
	}
	return false, err
}

// Renew tells the world that this run is alive; it writes only when a third of the TTL has passed. ErrLost means stop.
func (l *Lease) Renew(ctx context.Context) error {
	if l.c.Clock.Now().Sub(l.renewed) < TTL/4 {
		return nil
	}
	old := l.etag
	l.holder.Beat++
	err := l.put(ctx, func(in *s3.PutObjectInput) { in.IfMatch = aws.String(old) })
	if !refused(err) && !cloud.Missing(err) {
		return err
	}
	holder, etag, err := l.get(ctx)
	if err == nil && holder.Run == l.holder.Run {
		l.etag, l.renewed = etag, l.c.Clock.Now() // the renewal was carried out, its first answer lost
		return nil
	}
	return ErrLost
}

// Release gives the lease back, if it is still ours.
func (l *Lease) Release(ctx context.Context) error {
	if err := l.Renew(ctx); err != nil {
		if errors.Is(err, ErrLost) {
			return nil
		}
		return err
	}
	_, err := cloud.Repeat(ctx, l.c, l.c.S3.DeleteObject, &s3.DeleteObjectInput{
		Bucket: aws.String(l.bucket), Key: aws.String(l.name), IfMatch: aws.String(l.etag),
	})
	if cloud.Missing(err) || refused(err) {
		return nil
	}
	return err
}

func (l *Lease) put(ctx context.Context, condition func(*s3.PutObjectInput)) error {
	body, err := json.Marshal(l.holder)
	if err != nil {
		return err
	}
	in := &s3.PutObjectInput{
		Bucket: aws.String(l.bucket), Key: aws.String(l.name), ContentType: aws.String("application/json"),
		Body: bytes.NewReader(body),
	}
	condition(in)
	out, err := cloud.Write(ctx, l.c, l.c.S3.PutObject, in)
	if cloud.Lost(err) {
		return l.recover(ctx, err)
	}
	if err != nil {
		return err
	}
	l.etag, l.renewed = aws.ToString(out.ETag), l.c.Clock.Now()
	return nil
}

// recover finds out whether a put whose answer was lost was carried out.
func (l *Lease) recover(ctx context.Context, lost error) error {
	holder, etag, err := l.get(ctx)
	if err != nil || holder != l.holder {
		return errors.Join(lost, err)
	}
	l.etag, l.renewed = etag, l.c.Clock.Now()
	return nil
}

func (l *Lease) get(ctx context.Context) (Holder, string, error) {
	out, err := cloud.Read(ctx, l.c, l.c.S3.GetObject, &s3.GetObjectInput{Bucket: aws.String(l.bucket), Key: aws.String(l.name)})
	if err != nil {
		return Holder{}, "", err
	}
	defer func() { _ = out.Body.Close() }() // read only
	var h Holder
	b, err := io.ReadAll(io.LimitReader(out.Body, 1<<16))
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	return h, aws.ToString(out.ETag), err
}

// refused says that a condition did not hold.
func refused(err error) bool {
	return strings.HasPrefix(cloud.Code(err), "PreconditionFailed")
}

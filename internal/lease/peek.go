package lease

import (
	"context"

	"berth/internal/cloud"
)

// Peek says whose a lease is and when it was renewed, without taking it; false: nobody's. Whether its holder is alive only time tells.
func Peek(ctx context.Context, c *cloud.Cloud, bucket, name string) (Holder, bool, error) {
	l := &Lease{c: c, bucket: bucket, name: name}
	now, err := l.get(ctx)
	if cloud.Missing(err) {
		return Holder{}, false, nil
	}
	return now.holder, err == nil, err
}

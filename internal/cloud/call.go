package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// How often a call is made at the most. A connection that cannot be made is given up sooner: mostly it is a wrong
// endpoint, a wrong region or no network, and people should hear of it within seconds.
const (
	attempts = 6
	dials    = 3
)

// Read makes a call that changes nothing; whatever may pass is tried again.
func Read[I, O, P any](ctx context.Context, c *Cloud, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	return try(ctx, c, f, in, rule{again: func(err error) bool { return Throttled(err) || Lost(err) }})
}

// Write makes a call that changes something and that AWS would carry out twice if it were sent twice. It is tried
// again only when it is certain that nothing happened. An error that Lost knows leaves that open: look again.
func Write[I, O, P any](ctx context.Context, c *Cloud, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	return try(ctx, c, f, in, rule{may: c.may, again: func(err error) bool { return Throttled(err) || Unsent(err) }})
}

// Repeat makes a call that changes something but may be sent twice, because it carries a token or because doing it
// twice is doing it once.
func Repeat[I, O, P any](ctx context.Context, c *Cloud, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	return try(ctx, c, f, in, rule{may: c.may, again: func(err error) bool { return Throttled(err) || Lost(err) }})
}

// rule is when a call may be made, and made again.
type rule struct {
	may   func(context.Context) error // before every attempt; nil: always
	again func(error) bool
}

func try[I, O, P any](ctx context.Context, c *Cloud, f func(context.Context, *I, ...func(*P)) (*O, error), in *I, r rule) (*O, error) {
	rewind := rewinder(in)
	for attempt := 1; ; attempt++ {
		if r.may != nil {
			if err := r.may(ctx); err != nil {
				return nil, err
			}
		}
		out, err := f(withAttempt(ctx, attempt), in)
		if err == nil || attempt >= most(err) || ctx.Err() != nil || !r.again(err) {
			return out, err
		}
		if stop := c.Clock.Sleep(ctx, backoff(attempt, c.retries.Add(1))); stop != nil {
			return nil, fmt.Errorf("%w, after %w", stop, err)
		}
		if err := rewind(); err != nil {
			return nil, err
		}
	}
}

// most is how often a call is made that ends with err.
func most(err error) int {
	if Unsent(err) {
		return dials
	}
	return attempts
}

// backoff doubles from half a second to eight, and up to half of that is added: calls that were refused together must
// not come back together. The fractions of multiples of the golden ratio lie evenly, and need no dice.
func backoff(attempt int, retry uint64) time.Duration {
	step := 250 * time.Millisecond << min(attempt, 5)
	_, part := math.Modf(float64(retry) * math.Phi)
	return step + time.Duration(float64(step/2)*part)
}

// rewinder takes an input's body back to where it stands now: the SDK sends it from where the last attempt left it.
func rewinder(in any) func() error {
	put, ok := in.(*s3.PutObjectInput)
	if !ok {
		return func() error { return nil }
	}
	body, ok := put.Body.(io.Seeker)
	if !ok {
		return func() error { return nil }
	}
	start, err := body.Seek(0, io.SeekCurrent)
	return func() error {
		if err == nil {
			_, err = body.Seek(start, io.SeekStart)
		}
		return err
	}
}

// Token is what makes a create repeatable: the same run, resource and attempt give the same token, so that a call
// whose answer was lost is not carried out twice. It has 32 letters and digits: ECS takes up to 36, EC2 up to 64.
func (c *Cloud) Token(key string, attempt int) string {
	sum := sha256.Sum256([]byte(c.Run + "\x00" + key + "\x00" + strconv.Itoa(attempt)))
	return hex.EncodeToString(sum[:16])
}

package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/aws/smithy-go"
)

// attempts is how often a call is made at the most.
const attempts = 6

// Read makes a call that changes nothing; whatever may pass is tried again.
func Read[I, O, P any](ctx context.Context, c *Cloud, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	return retry(ctx, c, f, in, func(err error) bool { return Throttled(err) || Lost(err) })
}

// Write makes a call that changes something and that AWS would carry out twice if it were sent twice. It is tried
// again only when AWS says that it did nothing. An error that Lost knows leaves open whether it happened: look again.
func Write[I, O, P any](ctx context.Context, c *Cloud, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	return retry(ctx, c, f, in, Throttled)
}

// Repeat makes a call that changes something but may be sent twice, because it carries a token or because doing it
// twice is doing it once.
func Repeat[I, O, P any](ctx context.Context, c *Cloud, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	return retry(ctx, c, f, in, func(err error) bool { return Throttled(err) || Lost(err) })
}

func retry[I, O, P any](ctx context.Context, c *Cloud, f func(context.Context, *I, ...func(*P)) (*O, error), in *I, again func(error) bool) (*O, error) {
	for attempt := 1; ; attempt++ {
		out, err := f(ctx, in)
		c.note(attempt, err)
		if err == nil || attempt == attempts || ctx.Err() != nil || !again(err) {
			return out, err
		}
		if err := c.Clock.Sleep(ctx, backoff(attempt)); err != nil {
			return nil, err
		}
	}
}

// backoff doubles from half a second; bounded by attempts it stays below ten seconds.
func backoff(attempt int) time.Duration { return 250 * time.Millisecond << attempt }

func (c *Cloud) note(attempt int, err error) {
	if c.Seen == nil {
		return
	}
	call := Call{Attempt: attempt, Err: err}
	var op *smithy.OperationError
	if errors.As(err, &op) {
		call.Service, call.Operation = op.ServiceID, op.OperationName
	}
	c.Seen(call)
}

// Token is what makes a create repeatable: the same run, resource and attempt give the same token, so that a call
// whose answer was lost is not carried out twice.
func (c *Cloud) Token(key string, attempt int) string {
	sum := sha256.Sum256([]byte(c.Run + "\x00" + key + "\x00" + strconv.Itoa(attempt)))
	return hex.EncodeToString(sum[:16])
}

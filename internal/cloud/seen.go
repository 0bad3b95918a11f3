package cloud

import (
	"context"
	"sync"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// Call is one HTTP request and what came of it, for whoever counts or prints them. Calls that failed before anything
// was sent, for want of credentials for instance, are none.
type Call struct {
	Service   string // as the SDK calls it: "EC2", "Auto Scaling"
	Operation string
	Attempt   int // from 1
	Err       error
}

// watching tells seen of every request, one at a time.
func watching(seen func(Call)) func(*middleware.Stack) error {
	var mu sync.Mutex
	watch := func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
		out, meta, err := next.HandleDeserialize(ctx, in)
		mu.Lock()
		defer mu.Unlock()
		seen(Call{awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), attemptOf(ctx), err})
		return out, meta, err
	}
	return func(s *middleware.Stack) error {
		return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("berth.Seen", watch), middleware.Before)
	}
}

// attemptKey is where a context says which attempt a request is.
type attemptKey struct{}

func withAttempt(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, attemptKey{}, n)
}

func attemptOf(ctx context.Context) int {
	n, ok := ctx.Value(attemptKey{}).(int)
	if !ok {
		return 1 // made without Read, Write or Repeat
	}
	return n
}

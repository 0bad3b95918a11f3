package cloud

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
)

// keyless says that there are no credentials to sign with. What the SDK says of it cannot be told from a network that
// is down or from a call that AWS refused, because looking for credentials makes calls of its own.
type keyless struct {
	text string
	err  error
}

// Error is one line for people.
func (e *keyless) Error() string { return e.text }

// Unwrap is what the SDK said.
func (e *keyless) Unwrap() error { return e.err }

// keys marks the errors of a source of credentials as what they are.
type keys struct{ from aws.CredentialsProvider }

// Retrieve asks the source.
func (k keys) Retrieve(ctx context.Context) (aws.Credentials, error) {
	found, err := k.from.Retrieve(ctx)
	switch {
	case err == nil:
		return found, nil
	case fromInstance(k.from):
		return found, &keyless{"there are none in the environment, in the profile or from an instance's role", err}
	}
	return found, &keyless{err.Error(), err}
}

// fromInstance tells the end of the SDK's chain, where it asks the metadata service of the EC2 instance.
func fromInstance(p aws.CredentialsProvider) bool {
	return aws.IsCredentialsProvider(p, (*ec2rolecreds.Provider)(nil))
}

// brief makes a search that ends at the metadata service end soon where there is none. The SDK's own takes 5 to 11
// seconds when nothing answers there; this one asks twice for the token and twice for the role, half a second each.
func brief(cfg aws.Config) aws.CredentialsProvider {
	if !fromInstance(cfg.Credentials) {
		return cfg.Credentials
	}
	client := imds.NewFromConfig(cfg, func(o *imds.Options) {
		o.DisableDefaultMaxBackoff = true // ours is shorter
		o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) { s.MaxAttempts, s.MaxBackoff = 2, 100*time.Millisecond })
	})
	return aws.NewCredentialsCache(ec2rolecreds.New(func(o *ec2rolecreds.Options) { o.Client = client }))
}

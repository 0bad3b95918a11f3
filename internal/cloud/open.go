package cloud

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Account says which AWS to talk to.
type Account struct {
	Region   string
	Profile  string // empty: the SDK's default chain
	Endpoint string // any AWS-compatible endpoint; empty: AWS's own
}

// Open makes the way to an AWS over the network. It reads the SDK's usual files and variables; whether the credentials
// in them are any good shows at the first call.
func Open(ctx context.Context, a Account, o Options) (*Cloud, error) {
	load := []func(*config.LoadOptions) error{
		config.WithRegion(a.Region),
		config.WithHTTPClient(&http.Client{Transport: copying{http.DefaultTransport}}),
	}
	if a.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(a.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, err
	}
	if a.Endpoint != "" {
		cfg.BaseEndpoint = aws.String(a.Endpoint)
	}
	o.PathStyle = o.PathStyle || cfg.BaseEndpoint != nil
	return New(cfg, o), nil
}

// Embedded makes the way to an AWS behind an in-process client. It reads no file, no variable and no metadata service.
func Embedded(client *http.Client, region string, o Options) *Cloud {
	o.PathStyle = true
	return New(aws.Config{
		Region: region, HTTPClient: client, BaseEndpoint: aws.String("http://embedded.invalid"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEMBEDDED", "embedded", ""),
	}, o)
}

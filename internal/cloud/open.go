package cloud

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/logging"
)

// Account says which AWS to talk to.
type Account struct {
	Region   string
	Profile  string // empty: the SDK's default chain
	Endpoint string // any AWS-compatible endpoint; empty: AWS's own
}

// How long a connection may take to stand, and one attempt of a call in all, by the machine's clock: a peer that went
// away without a word must not hold a run for ever.
const (
	dialTime = 10 * time.Second
	callTime = time.Minute
)

// Open makes the way to an AWS over the network. It reads the SDK's usual files and variables; a profile that is not
// there is an error that Credentials knows. Whether the credentials are any good shows at the first call.
func Open(ctx context.Context, a Account, o Options) (*Cloud, error) {
	load := []func(*config.LoadOptions) error{
		config.WithRegion(a.Region), config.WithHTTPClient(network(o.Width)), config.WithLogger(logging.Nop{}),
	}
	if a.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(a.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, &keyless{err.Error(), err}
	}
	cfg.Credentials = brief(cfg)
	cfg.HTTPClient = copying{cfg.HTTPClient}
	if a.Endpoint != "" {
		cfg.BaseEndpoint = aws.String(a.Endpoint)
	}
	o.PathStyle = o.PathStyle || cfg.BaseEndpoint != nil
	return New(cfg, o), nil
}

// network is the HTTP client of a real network. It is of the type that the SDK can still fit with what the user's
// files ask for, such as the certificates of a company's proxy.
func network(width int) *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTimeout(callTime).
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTime }).
		WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = max(width, t.MaxIdleConnsPerHost) })
}

// Embedded makes the way to an AWS behind an in-process client. It reads no file, no variable and no metadata service.
func Embedded(client *http.Client, region string, o Options) *Cloud {
	o.PathStyle = true
	return New(aws.Config{
		Region: region, HTTPClient: client, BaseEndpoint: aws.String("http://embedded.invalid"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEMBEDDED", "embedded", ""),
	}, o)
}

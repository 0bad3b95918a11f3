// Package cloud is the way to AWS: the SDK's clients, our own retries over a Clock, error classes, and one fan-out.
//
// In: an aws.Config and a Clock. Out: answers, or errors that say what class they are of. It knows no word of what
// berth builds, and it never waits for a resource: it retries a call, nothing else.
package cloud

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"berth/internal/clock"
)

// Cloud is one account and region of AWS, real or simulated; nothing behind it can tell the difference.
type Cloud struct {
	EC2     *ec2.Client
	Groups  *autoscaling.Client
	Classic *elasticloadbalancing.Client
	Balance *elasticloadbalancingv2.Client
	ECS     *ecs.Client
	IAM     *iam.Client
	STS     *sts.Client
	S3      *s3.Client
	SSM     *ssm.Client
	Logs    *cloudwatchlogs.Client
	Quotas  *servicequotas.Client
	Secrets *secretsmanager.Client
	KMS     *kms.Client
	SNS     *sns.Client
	SQS     *sqs.Client
	Events  *eventbridge.Client
	ECR     *ecr.Client

	Web *http.Client // to what is no API of AWS; of an endpoint other than AWS's own, to what that answers for others

	Clock  clock.Clock
	Region string
	Run    string // names this run; tokens of repeatable calls derive from it
	Width  int    // how many calls may be under way at once

	may     func(context.Context) error // asked before every attempt to write; nil: nobody is
	retries *atomic.Uint64              // so far, shared by all copies: spreads calls that were refused together
}

// Options are what an aws.Config does not say.
type Options struct {
	Clock     clock.Clock
	Run       string
	Width     int  // 1 makes every run the same run
	PathStyle bool // S3 buckets in the path, as endpoints other than AWS's own need
	Seen      func(Call)
}

// New makes a Cloud. The SDK's own retries are off: they would sleep in real time. Its log is off too: what it has to
// say to people would come from nowhere.
func New(cfg aws.Config, o Options) *Cloud {
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	cfg.Logger = logging.Nop{}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = network(o.Width)
	}
	cfg.HTTPClient = whole{cfg.HTTPClient}
	if cfg.Credentials != nil {
		cfg.Credentials = keys{cfg.Credentials}
	}
	if o.Seen != nil {
		cfg.APIOptions = append(slices.Clip(cfg.APIOptions), watching(o.Seen))
	}
	return &Cloud{
		EC2: ec2.NewFromConfig(cfg), Groups: autoscaling.NewFromConfig(cfg),
		Classic: elasticloadbalancing.NewFromConfig(cfg), Balance: elasticloadbalancingv2.NewFromConfig(cfg),
		ECS: ecs.NewFromConfig(cfg), IAM: iam.NewFromConfig(cfg), STS: sts.NewFromConfig(cfg),
		S3:  s3.NewFromConfig(cfg, func(s *s3.Options) { s.UsePathStyle = o.PathStyle }),
		SSM: ssm.NewFromConfig(cfg), Logs: cloudwatchlogs.NewFromConfig(cfg), Quotas: servicequotas.NewFromConfig(cfg),
		Secrets: secretsmanager.NewFromConfig(cfg), KMS: kms.NewFromConfig(cfg), SNS: sns.NewFromConfig(cfg),
		SQS: sqs.NewFromConfig(cfg), Events: eventbridge.NewFromConfig(cfg), ECR: ecr.NewFromConfig(cfg), Web: web(cfg),
		Clock: o.Clock, Region: cfg.Region, Run: o.Run, Width: max(o.Width, 1), retries: &atomic.Uint64{},
	}
}

// Fenced is the same way to AWS with a gate before it: may is asked before every attempt to write, also before each
// repetition, and its error ends the call. Gates add up. A lease's Renew as may keeps a run that lost it from writing.
func (c *Cloud) Fenced(may func(context.Context) error) *Cloud {
	fenced, outer := *c, c.may
	fenced.may = func(ctx context.Context) error {
		if outer != nil {
			if err := outer(ctx); err != nil {
				return err
			}
		}
		return may(ctx)
	}
	return &fenced
}

// Package wiretest proves the wire package with the AWS SDK's real clients.
//
// In go the services of a server; every registered operation is called through the SDK's own client with a random input, and
// answered with a random output: what the server decodes must equal what the client was given, and the other way round. It must
// never be imported by anything but tests: it finds the clients' methods by name, which keeps all of the SDK in a binary.
package wiretest

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watchschemas "github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logschemas "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/schemas"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrschemas "github.com/aws/aws-sdk-go-v2/service/ecr/schemas"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecsschemas "github.com/aws/aws-sdk-go-v2/service/ecs/schemas"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventschemas "github.com/aws/aws-sdk-go-v2/service/eventbridge/schemas"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmsschemas "github.com/aws/aws-sdk-go-v2/service/kms/schemas"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secretschemas "github.com/aws/aws-sdk-go-v2/service/secretsmanager/schemas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	quotaschemas "github.com/aws/aws-sdk-go-v2/service/servicequotas/schemas"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqsschemas "github.com/aws/aws-sdk-go-v2/service/sqs/schemas"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmschemas "github.com/aws/aws-sdk-go-v2/service/ssm/schemas"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
	"github.com/aws/smithy-go/transport/http/protocol/rpcv2"

	"berth/internal/sim/wire"
)

// The credentials and region that Config signs with.
const (
	AccessKey = "AKIAIOSFODNN7EXAMPLE"
	Region    = "eu-west-1"
)

// Config is an SDK configuration whose calls go to a server through its RoundTripper: signed, never retried.
func Config(transport http.RoundTripper) aws.Config {
	return aws.Config{
		Region:           Region,
		BaseEndpoint:     aws.String("https://aws.invalid"),
		RetryMaxAttempts: 1,
		// what the SDK's own loader sets
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		HTTPClient:                 &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: AccessKey, SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, nil
		}),
	}
}

// client returns the SDK's client of a service by the service's name on the wire.
func client(service string, cfg aws.Config) any {
	switch service {
	case "autoscaling":
		return autoscaling.NewFromConfig(cfg)
	case "cloudwatch":
		return framed(service, wire.CBOR, cfg)
	case "ec2":
		return ec2.NewFromConfig(cfg)
	case "ecr":
		return ecr.NewFromConfig(cfg)
	case "ecs":
		return ecs.NewFromConfig(cfg)
	case "elasticloadbalancing":
		return elasticloadbalancing.NewFromConfig(cfg)
	case "elasticloadbalancingv2":
		return elasticloadbalancingv2.NewFromConfig(cfg)
	case "iam":
		return iam.NewFromConfig(cfg)
	case "logs":
		return cloudwatchlogs.NewFromConfig(cfg)
	case "s3":
		return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	case "servicequotas":
		return servicequotas.NewFromConfig(cfg)
	case "sqs":
		return framed(service, wire.JSON10, cfg)
	case "ssm":
		return ssm.NewFromConfig(cfg)
	case "sts":
		return sts.NewFromConfig(cfg)
	}
	return messagingClient(service, cfg)
}

// framed returns the client of a service that can be called in several ways, made to call it in one of them.
func framed(service string, p wire.Protocol, cfg aws.Config) any {
	if service == "sqs" {
		return sqs.NewFromConfig(cfg, func(o *sqs.Options) {
			o.Protocol, o.DisableMessageChecksumValidation = protocol(p, sqsschemas.AmazonSQS), true
		})
	}
	return cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) {
		o.Protocol = protocol(p, watchschemas.GraniteServiceVersion20100801)
	})
}

// protocol is the SDK's side of a protocol.
func protocol(p wire.Protocol, schema *smithy.ServiceSchema) smithyhttp.ClientProtocol {
	switch p {
	case wire.CBOR:
		return rpcv2.NewCBOR(schema)
	case wire.JSON10:
		return awsjson.New10(schema)
	default:
		return awsquery.New(schema)
	}
}

// Service describes one of AWS's services as the wire needs it, with operations that answer nothing; none named means all
// that its client has.
func Service(name string, operations ...string) wire.Service[struct{}] {
	svc := description(name)
	svc.Ops = map[string]wire.Operation[struct{}]{}
	methods := reflect.TypeOf(client(name, aws.Config{}))
	if len(operations) == 0 {
		for m := range methods.Methods() {
			operations = append(operations, m.Name)
		}
	}
	for _, op := range operations {
		m, ok := methods.MethodByName(op)
		if !ok || m.Type.NumIn() != 4 || !strings.HasSuffix(m.Type.In(2).String(), "Input") || isBeyond(op) {
			continue
		}
		out := m.Type.Out(0).Elem()
		svc.Ops[op] = wire.Operation[struct{}]{
			In:  m.Type.In(2).Elem(),
			Out: out,
			Run: func(struct{}, any) (any, error) { return reflect.New(out).Interface(), nil },
		}
	}
	return svc
}

// isBeyond tells the operations that the wire package leaves out: event streams, and those that require a union.
func isBeyond(operation string) bool {
	switch operation {
	case "GetLogObject", "StartLiveTail", "SelectObjectContent", "CreateGateway", "PutIntegration", "CreateCloudConnector":
		return true
	}
	return false
}

// Names are the services that Service knows.
func Names() []string {
	return []string{
		"autoscaling", "cloudwatch", "ec2", "ecr", "ecs", "elasticloadbalancing", "elasticloadbalancingv2", "events", "iam", "kms", "logs", "s3",
		"secretsmanager", "servicequotas", "sns", "sqs", "ssm", "sts",
	}
}

// description is a service without its operations.
func description(name string) wire.Service[struct{}] {
	switch name {
	case "autoscaling":
		return query(name, "2011-01-01", "http://autoscaling.amazonaws.com/doc/2011-01-01/")
	case "cloudwatch":
		return wire.Service[struct{}]{
			Name: name, Protocol: wire.CBOR, Route: "GraniteServiceVersion20100801", Schema: watchschemas.GraniteServiceVersion20100801,
			Errors: cloudwatch.TypeRegistry,
			Also: []wire.Framing{
				{Protocol: wire.JSON10, Route: "GraniteServiceVersion20100801"},
				{Protocol: wire.Query, Route: "2010-08-01", XMLNS: "http://monitoring.amazonaws.com/doc/2010-08-01/"},
			},
		}
	case "ec2":
		svc := query(name, "2016-11-15", "http://ec2.amazonaws.com/doc/2016-11-15/")
		svc.Protocol = wire.EC2Query
		return svc
	case "ecr":
		return wire.Service[struct{}]{
			Name: name, Protocol: wire.JSON11, Route: "AmazonEC2ContainerRegistry_V20150921", Schema: ecrschemas.AmazonEC2ContainerRegistry_V20150921,
		}
	case "ecs":
		return wire.Service[struct{}]{
			Name: name, Protocol: wire.JSON11, Route: "AmazonEC2ContainerServiceV20141113", Schema: ecsschemas.AmazonEC2ContainerServiceV20141113,
		}
	case "elasticloadbalancing":
		return query(name, "2012-06-01", "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/")
	case "elasticloadbalancingv2":
		return query(name, "2015-12-01", "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/")
	case "iam":
		return query(name, "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/")
	case "logs":
		return wire.Service[struct{}]{Name: name, Protocol: wire.JSON11, Route: "Logs_20140328", Schema: logschemas.Logs_20140328}
	case "s3":
		return wire.Service[struct{}]{Name: name, Protocol: wire.RestXML, XMLNS: "http://s3.amazonaws.com/doc/2006-03-01/"}
	case "servicequotas":
		return wire.Service[struct{}]{
			Name: name, Protocol: wire.JSON11, Route: "ServiceQuotasV20190624", Schema: quotaschemas.ServiceQuotasV20190624,
		}
	case "sqs":
		return wire.Service[struct{}]{
			Name: name, Protocol: wire.JSON10, Route: "AmazonSQS", Schema: sqsschemas.AmazonSQS, Errors: sqs.TypeRegistry,
			Also: []wire.Framing{{Protocol: wire.Query, Route: "2012-11-05", XMLNS: "http://queue.amazonaws.com/doc/2012-11-05/"}},
		}
	case "ssm":
		return wire.Service[struct{}]{Name: name, Protocol: wire.JSON11, Route: "AmazonSSM", Schema: ssmschemas.AmazonSSM}
	}
	return messaging(name)
}

// query describes a service of the AWS query protocol.
func query(name, version, xmlns string) wire.Service[struct{}] {
	return wire.Service[struct{}]{Name: name, Protocol: wire.Query, Route: version, XMLNS: xmlns}
}

// messagingClient is client for the services that carry messages.
func messagingClient(service string, cfg aws.Config) any {
	switch service {
	case "events":
		return eventbridge.NewFromConfig(cfg)
	case "kms":
		return kms.NewFromConfig(cfg)
	case "secretsmanager":
		return secretsmanager.NewFromConfig(cfg)
	case "sns":
		return sns.NewFromConfig(cfg)
	}
	return nil
}

// messaging is description for the services that carry messages.
func messaging(name string) wire.Service[struct{}] {
	switch name {
	case "events":
		return wire.Service[struct{}]{Name: name, Protocol: wire.JSON11, Route: "AWSEvents", Schema: eventschemas.AWSEvents}
	case "kms":
		return wire.Service[struct{}]{Name: name, Protocol: wire.JSON11, Route: "TrentService", Schema: kmsschemas.TrentService}
	case "secretsmanager":
		return wire.Service[struct{}]{Name: name, Protocol: wire.JSON11, Route: "secretsmanager", Schema: secretschemas.Secretsmanager}
	case "sns":
		return query(name, "2010-03-31", "http://sns.amazonaws.com/doc/2010-03-31/")
	}
	return query("sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/")
}

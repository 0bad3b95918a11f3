package sim

import (
	"maps"

	watch "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watchschema "github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	logsschema "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/schemas"
	ecrschema "github.com/aws/aws-sdk-go-v2/service/ecr/schemas"
	ecsschema "github.com/aws/aws-sdk-go-v2/service/ecs/schemas"
	eventsschema "github.com/aws/aws-sdk-go-v2/service/eventbridge/schemas"
	kmsschema "github.com/aws/aws-sdk-go-v2/service/kms/schemas"
	secretsschema "github.com/aws/aws-sdk-go-v2/service/secretsmanager/schemas"
	quotasschema "github.com/aws/aws-sdk-go-v2/service/servicequotas/schemas"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	sqsschema "github.com/aws/aws-sdk-go-v2/service/sqs/schemas"
	ssmschema "github.com/aws/aws-sdk-go-v2/service/ssm/schemas"

	"berth/internal/sim/asg"
	"berth/internal/sim/asg/refresh"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/ec2"
	"berth/internal/sim/ec2/outage"
	"berth/internal/sim/ecr"
	"berth/internal/sim/ecs"
	"berth/internal/sim/elb"
	"berth/internal/sim/events"
	"berth/internal/sim/iam"
	"berth/internal/sim/kms"
	"berth/internal/sim/logs"
	"berth/internal/sim/quotas"
	"berth/internal/sim/s3"
	"berth/internal/sim/secrets"
	"berth/internal/sim/sns"
	"berth/internal/sim/sqs"
	"berth/internal/sim/ssm"
	"berth/internal/sim/sts"
	"berth/internal/sim/traffic"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Services are the APIs that the embedded AWS serves.
func Services() []wire.Service[*world.Call] {
	return []wire.Service[*world.Call]{
		{Name: "ec2", Protocol: wire.EC2Query, Route: "2016-11-15", XMLNS: "http://ec2.amazonaws.com/doc/2016-11-15/", Ops: ec2.Operations()},
		{Name: "autoscaling", Protocol: wire.Query, Route: "2011-01-01", XMLNS: "http://autoscaling.amazonaws.com/doc/2011-01-01/", Ops: both(asg.Operations(), refresh.Operations())},
		{Name: "elasticloadbalancingv2", Protocol: wire.Query, Route: "2015-12-01", XMLNS: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/", Ops: elb.OperationsV2()},
		{Name: "elasticloadbalancing", Protocol: wire.Query, Route: "2012-06-01", XMLNS: "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/", Ops: elb.Operations()},
		{Name: "ecs", Protocol: wire.JSON11, Route: "AmazonEC2ContainerServiceV20141113", Schema: ecsschema.AmazonEC2ContainerServiceV20141113, Ops: ecs.Operations()},
		{Name: "ecr", Protocol: wire.JSON11, Route: "AmazonEC2ContainerRegistry_V20150921", Schema: ecrschema.AmazonEC2ContainerRegistry_V20150921, Ops: ecr.Operations()},
		{Name: "iam", Protocol: wire.Query, Route: "2010-05-08", XMLNS: "https://iam.amazonaws.com/doc/2010-05-08/", Ops: iam.Operations()},
		{Name: "sts", Protocol: wire.Query, Route: "2011-06-15", XMLNS: "https://sts.amazonaws.com/doc/2011-06-15/", Ops: sts.Operations()},
		{Name: "s3", Protocol: wire.RestXML, XMLNS: "http://s3.amazonaws.com/doc/2006-03-01/", Ops: s3.Operations()},
		{Name: "ssm", Protocol: wire.JSON11, Route: "AmazonSSM", Schema: ssmschema.AmazonSSM, Ops: ssm.Operations()},
		{Name: "logs", Protocol: wire.JSON11, Route: "Logs_20140328", Schema: logsschema.Logs_20140328, Ops: logs.Operations()},
		{Name: "servicequotas", Protocol: wire.JSON11, Route: "ServiceQuotasV20190624", Schema: quotasschema.ServiceQuotasV20190624, Ops: quotas.Operations()},
		{
			Name: "cloudwatch", Protocol: wire.CBOR, Route: "GraniteServiceVersion20100801", Schema: watchschema.GraniteServiceVersion20100801,
			Errors: watch.TypeRegistry, Ops: cloudwatch.Operations(),
			Also: []wire.Framing{
				{Protocol: wire.JSON10, Route: "GraniteServiceVersion20100801"},
				{Protocol: wire.Query, Route: "2010-08-01", XMLNS: "http://monitoring.amazonaws.com/doc/2010-08-01/"},
			},
		},
		{Name: "kms", Protocol: wire.JSON11, Route: "TrentService", Schema: kmsschema.TrentService, Ops: kms.Operations()},
		{Name: "secretsmanager", Protocol: wire.JSON11, Route: "secretsmanager", Schema: secretsschema.Secretsmanager, Ops: secrets.Operations()},
		{
			Name: "sqs", Protocol: wire.JSON10, Route: "AmazonSQS", Schema: sqsschema.AmazonSQS, Errors: awssqs.TypeRegistry, Ops: sqs.Operations(),
			Also: []wire.Framing{{Protocol: wire.Query, Route: "2012-11-05", XMLNS: "http://queue.amazonaws.com/doc/2012-11-05/"}},
		},
		{Name: "sns", Protocol: wire.Query, Route: "2010-03-31", XMLNS: "http://sns.amazonaws.com/doc/2010-03-31/", Ops: sns.Operations()},
		{Name: "events", Protocol: wire.JSON11, Route: "AWSEvents", Schema: eventsschema.AWSEvents, Ops: events.Operations()},
	}
}

// both are the operations of two packages that serve one API.
func both(below, above map[string]wire.Operation[*world.Call]) map[string]wire.Operation[*world.Call] {
	maps.Copy(below, above)
	return below
}

// handlers is the one dispatch table over event kinds: each service's own, from the ground up, so that what EC2 does
// to an instance is done before its group and its cluster hear of it.
func handlers() world.Handlers {
	all := world.Handlers{saidLater: {said}, promiseDue: {}}
	for _, service := range []world.Handlers{
		iam.Handlers(), quotas.Handlers(), ec2.Handlers(), outage.Handlers(), cloudwatch.Handlers(), asg.Handlers(), refresh.Handlers(), elb.Handlers(),
		ecs.Handlers(), kms.Handlers(), secrets.Handlers(), sns.Handlers(), events.Handlers(), traffic.Handlers(),
	} {
		for kind, fs := range service { // unordered: kinds do not meet; the order within a kind is that of the services
			all[kind] = append(all[kind], fs...)
		}
	}
	return all
}

package observe

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/shape"
)

// grid has a row for every kind of resource, in reading order.
func grid() []row {
	return []row{
		bucketRow(),
		vpcRow(),
		defaultGroupRow(),
		internetGatewayRow(),
		subnetRow(),
		routeTableRow(),
		elasticIPRow(),
		natRow(),
		routeRow(),
		securityGroupRow(),
		endpointRow(),
		loadBalancerRow(),
		targetGroupRow(),
		listenerRow(),
		classicRow(),
		serviceRoleRow(),
		roleRow(),
		profileRow(),
		secretRow(),
		agentConfigRow(),
		logGroupRow(),
		kmsKeyRow(),
		topicRow(),
		subscriptionRow(),
		queueRow(),
		eventRuleRow(),
		flowLogRow(),
		clusterRow(),
		keyPairRow(),
		templateRow(),
		groupRow(),
		providerRow(),
		clusterProvidersRow(),
		capacityRow(),
		taskDefinitionRow(),
		daemonServiceRow(),
	}
}

// answers are what AWS said in one look, a part for each kind.
type answers struct {
	bucketAnswers
	vpcAnswers
	internetGatewayAnswers
	subnetAnswers
	routeTableAnswers
	elasticIPAnswers
	natAnswers
	endpointAnswers
	securityGroupAnswers
	interfaceAnswers
	elbTagAnswers
	loadBalancerAnswers
	targetGroupAnswers
	listenerAnswers
	classicAnswers
	serviceRoleAnswers
	roleAnswers
	profileAnswers
	secretAnswers
	agentConfigAnswers
	logGroupAnswers
	kmsKeyAnswers
	topicAnswers
	subscriptionAnswers
	queueAnswers
	eventRuleAnswers
	alertQueueAnswers
	flowLogAnswers
	clusterAnswers
	keyPairAnswers
	templateAnswers
	groupAnswers
	providerAnswers
	capacityAnswers
	taskDefinitionAnswers
	daemonServiceAnswers
	tenantAnswers
	existingAnswers
	strangerAnswers
	factAnswers
	serviceAnswers
}

// Who asks AWS whose credentials these are, and completes the scope.
func Who(ctx context.Context, c *cloud.Cloud, environment, cluster string) (model.Scope, error) {
	out, err := cloud.Read(ctx, c, c.STS.GetCallerIdentity, &sts.GetCallerIdentityInput{})
	if err != nil {
		return model.Scope{}, err
	}
	return model.Scope{
		Account: aws.ToString(out.Account), Region: c.Region, Partition: shape.Partition(aws.ToString(out.Arn)),
		Environment: environment, Cluster: cluster,
	}, nil
}

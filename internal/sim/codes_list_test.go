package sim_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

// codes are those that AWS's references list for what is served here, by service.
const codes = `
ec2 UnauthorizedOperation AuthFailure DryRunOperation MissingParameter InvalidParameterValue InvalidParameterCombination InvalidAction
ec2 InvalidVpcID.NotFound InvalidInstanceID.NotFound DependencyViolation IncorrectState IncorrectInstanceState OperationNotPermitted
ec2 UnknownParameter InvalidInstanceID.Malformed InvalidAMIID.Malformed NatGatewayMalformed NatGatewayNotFound NatGatewayLimitExceeded
ec2 InvalidVpc.Range InvalidSubnet.Range InvalidSubnet.Conflict InvalidSubnetID.NotFound SubnetLimitExceeded RouteTableLimitExceeded
ec2 RouteAlreadyExists InvalidRoute.NotFound Resource.AlreadyAssociated Gateway.NotAttached InternetGatewayLimitExceeded
ec2 AddressLimitExceeded InvalidAllocationID.NotFound InvalidIPAddress.InUse InvalidGroup.NotFound InvalidGroup.Duplicate
ec2 InvalidGroup.Reserved CannotDelete InvalidPermission.Duplicate InvalidPermission.NotFound RulesPerSecurityGroupLimitExceeded
ec2 InvalidKeyPair.NotFound InvalidKeyPair.Duplicate InvalidKey.Format InvalidAMIID.NotFound VcpuLimitExceeded Unsupported
ec2 IdempotentParameterMismatch InvalidLaunchTemplateId.NotFound InvalidLaunchTemplateName.AlreadyExistsException InvalidNextToken
ec2 VpcLimitExceeded RequestLimitExceeded InsufficientInstanceCapacity InternalError Unavailable
ecs ClientException InvalidParameterException ClusterNotFoundException ServiceNotFoundException ServiceNotActiveException
ecs TargetNotFoundException ResourceInUseException LimitExceededException UpdateInProgressException ConflictException
ecs ClusterContainsContainerInstancesException ClusterContainsServicesException ClusterContainsTasksException
ecs ClusterContainsCapacityProviderException ThrottlingException
ecs AccessDeniedException UnsupportedFeatureException ServerException
autoscaling ValidationError AlreadyExists LimitExceeded ScalingActivityInProgress ResourceInUse ResourceContention InvalidNextToken
elasticloadbalancingv2 LoadBalancerNotFound TargetGroupNotFound ListenerNotFound RuleNotFound ResourceInUse InvalidConfigurationRequest
elasticloadbalancingv2 SubnetNotFound InvalidSubnet InvalidSecurityGroup InvalidTarget OperationNotPermitted PriorityInUse
elasticloadbalancingv2 DuplicateLoadBalancerName DuplicateTargetGroupName DuplicateListener IncompatibleProtocols CertificateNotFound
elasticloadbalancingv2 TooManyTargets TooManyLoadBalancers TooManyListeners TooManyRules TooManyTargetGroups TargetGroupAssociationLimit
elasticloadbalancingv2 HealthUnavailable InsufficientCapacity PriorRequestNotComplete Throttling
autoscaling ServiceLinkedRoleFailure InstanceRefreshInProgress ActiveInstanceRefreshNotFound IrreversibleInstanceRefresh
elasticloadbalancing DuplicateLoadBalancerName InvalidInstance DuplicatePolicyName PolicyTypeNotFound PolicyNotFound ListenerNotFound
iam NoSuchEntity EntityAlreadyExists DeleteConflict LimitExceeded ConcurrentModification EntityTemporarilyUnmodifiable
iam MalformedPolicyDocument InvalidInput ServiceFailure AccessDenied
sts InvalidClientTokenId ExpiredToken
ssm ParameterNotFound ValidationException
events ResourceNotFoundException InvalidEventPatternException LimitExceededException ManagedRuleException ConcurrentModificationException
sns NotFound InvalidParameter AuthorizationError SubscriptionLimitExceeded Throttled
sqs QueueDoesNotExist QueueDeletedRecently ReceiptHandleIsInvalid
logs ResourceAlreadyExistsException InvalidParameterException
cloudwatch ResourceNotFound
kms NotFoundException KMSInvalidStateException
secretsmanager ResourceNotFoundException ResourceExistsException InvalidRequestException InvalidParameterException EncryptionFailure
secretsmanager DecryptionFailure InvalidNextTokenException
s3 BucketAlreadyOwnedByYou BucketAlreadyExists NoSuchBucketPolicy NoSuchTagSet NoSuchLifecycleConfiguration NoSuchKey
s3 ConditionalRequestConflict
s3 NoSuchBucket PreconditionFailed BucketNotEmpty
front MissingAuthenticationTokenException InvalidSignatureException ExpiredTokenException SignatureDoesNotMatch
front UnknownOperationException MissingAction SerializationException MalformedQueryString
`

// unprovoked are the codes that no test provokes, and why not.
func unprovoked() map[string]string {
	return map[string]string{
		"ec2 Unavailable":                                "EC2's own trouble: requests that fail by a fault get InternalError",
		"ec2 UnknownParameter":                           "names that an input has not are passed over, as newer clients send them",
		"ecs ClusterContainsCapacityProviderException":   "providers leave with their cluster's association",
		"autoscaling ResourceContention":                 "the world takes one call after the other",
		"iam ConcurrentModification":                     "the world takes one call after the other",
		"events ConcurrentModificationException":         "the world takes one call after the other",
		"s3 ConditionalRequestConflict":                  "the world takes one call after the other",
		"elasticloadbalancingv2 PriorRequestNotComplete": "the world takes one call after the other",
		"iam EntityTemporarilyUnmodifiable":              "entities can be changed as soon as they are there",
		"iam ServiceFailure":                             "IAM's own trouble",
		"elasticloadbalancingv2 HealthUnavailable":       "load balancing's own trouble",
		"elasticloadbalancingv2 InsufficientCapacity":    "load balancing's own trouble",
		"autoscaling ServiceLinkedRoleFailure":           "service-linked roles are made in the call",
		"autoscaling IrreversibleInstanceRefresh":        "rollbacks of instance refreshes are not served",
		"sts InvalidClientTokenId":                       "signatures are not checked",
		"sts ExpiredToken":                               "nor how long credentials last",
		"front MissingAuthenticationTokenException":      "signatures are not checked",
		"front InvalidSignatureException":                "signatures are not checked",
		"front SignatureDoesNotMatch":                    "signatures are not checked",
		"front ExpiredTokenException":                    "nor how long credentials last",
		"sns SubscriptionLimitExceeded":                  "the quota of 12,500,000 per topic is not held",
		"sns Throttled":                                  "SNS's limits answer Throttling",
	}
}

// isQuoted tells whether a test under this folder names a code.
func isQuoted(t *testing.T) func(code string) bool {
	t.Helper()
	var all strings.Builder
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") || path == "codes_list_test.go" {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text := all.String()
	return func(code string) bool { return strings.Contains(text, `"`+code+`"`) }
}

func TestEveryListedCodeIsInATestOrHasItsReason(t *testing.T) {
	quoted := isQuoted(t)
	for _, line := range operations(codes) {
		_, code, _ := strings.Cut(line, " ")
		if why := unprovoked()[line]; quoted(code) == (why != "") {
			t.Errorf("%s: it is in a test: %v; why it is in none: %q", line, quoted(code), why)
		}
	}
}

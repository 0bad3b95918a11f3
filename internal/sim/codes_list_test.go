package sim_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// codes are those that AWS's references list for what is served here, by service.
const codes = `
ec2 UnauthorizedOperation AuthFailure DryRunOperation MissingParameter InvalidParameterValue InvalidParameterCombination InvalidAction
ec2 InvalidVpcID.NotFound InvalidInstanceID.NotFound DependencyViolation IncorrectState IncorrectInstanceState OperationNotPermitted
ec2 VpcLimitExceeded RequestLimitExceeded InsufficientInstanceCapacity InternalError Unavailable
ecs ClientException InvalidParameterException ClusterNotFoundException ServiceNotFoundException ServiceNotActiveException
ecs TargetNotFoundException ResourceInUseException LimitExceededException UpdateInProgressException ConflictException
ecs AccessDeniedException UnsupportedFeatureException ServerException
autoscaling ValidationError AlreadyExists LimitExceeded ScalingActivityInProgress ResourceInUse ResourceContention InvalidNextToken
elasticloadbalancingv2 LoadBalancerNotFound TargetGroupNotFound ListenerNotFound RuleNotFound ResourceInUse InvalidConfigurationRequest
elasticloadbalancingv2 SubnetNotFound InvalidSubnet InvalidSecurityGroup InvalidTarget OperationNotPermitted PriorityInUse
elasticloadbalancing DuplicateLoadBalancerName InvalidInstance
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
s3 NoSuchBucket PreconditionFailed BucketNotEmpty
front UnknownOperationException MissingAction SerializationException MalformedQueryString
`

// unprovoked are the codes that no test provokes.
var unprovoked = []string{
	"ec2 Unavailable",                        // EC2's own trouble: requests that fail by a fault get InternalError
	"autoscaling ResourceContention",         // the world takes one call after the other
	"iam ConcurrentModification",             // the same
	"events ConcurrentModificationException", // the same
	"iam EntityTemporarilyUnmodifiable",      // entities can be changed as soon as they are there
	"iam ServiceFailure",                     // IAM's own trouble
	"sts InvalidClientTokenId",               // signatures are not checked
	"sts ExpiredToken",                       // nor how long credentials last
	"sns SubscriptionLimitExceeded",          // the quota of 12,500,000 per topic is not held
	"sns Throttled",                          // SNS's limits answer Throttling
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
		if quoted(code) == slices.Contains(unprovoked, line) {
			t.Errorf("%s: in a test %v, yet that it is in none is said %v", line, quoted(code), !quoted(code))
		}
	}
}

package cloud

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Code is AWS's error code, empty when the error is not an answer of AWS.
func Code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// Message is AWS's own text, or the error's when it is not an answer of AWS.
func Message(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorMessage()
	}
	return err.Error()
}

// Throttled says that AWS did nothing because too much was asked of it.
func Throttled(err error) bool {
	switch Code(err) {
	case "Throttling", "ThrottlingException", "ThrottledException", "Throttled", "RequestLimitExceeded", "RequestThrottled",
		"RequestThrottledException", "TooManyRequestsException", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
		"BandwidthLimitExceeded", "ConditionalRequestConflict", "ResourceContention":
		return true
	}
	return false
}

// Lost says that it is open whether the call was carried out: no answer came, or AWS broke down while answering.
// A context that ended counts too: the request may have been on its way.
func Lost(err error) bool {
	if err == nil || Throttled(err) {
		return false
	}
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) && answer.HTTPStatusCode() != 0 {
		return answer.HTTPStatusCode() >= 500 && !refusals(Code(err))
	}
	var sent *smithyhttp.RequestSendError
	return errors.As(err, &sent) || errors.Is(err, context.DeadlineExceeded)
}

// refusals are answers with a 5xx status by which AWS means no.
func refusals(code string) bool {
	return code == "InsufficientInstanceCapacity"
}

// Missing says that what the call named is not there.
func Missing(err error) bool {
	code := Code(err)
	return strings.Contains(code, "NotFound") || slices.Contains([]string{
		"NoSuchEntity", "NoSuchBucket", "NoSuchKey", "NoSuchBucketPolicy", "NoSuchTagSet", "NoSuchLifecycleConfiguration",
		"NoSuchPublicAccessBlockConfiguration", "ServerSideEncryptionConfigurationNotFoundError", "ResourceNotFoundException",
		"OwnershipControlsNotFoundError", "NatGatewayMalformed",
	}, code)
}

// Taken says that something of that name is there already.
func Taken(err error) bool {
	code := Code(err)
	return strings.Contains(code, "AlreadyExists") || strings.HasPrefix(code, "Duplicate") || strings.HasSuffix(code, ".Duplicate") ||
		slices.Contains([]string{"BucketAlreadyOwnedByYou", "AlreadyExists", "EntityAlreadyExists", "ResourceAlreadyExistsException"}, code)
}

// Busy says that something else must go or settle first; the same call may succeed later.
func Busy(err error) bool {
	return slices.Contains([]string{
		"DependencyViolation", "ResourceInUse", "ResourceInUseException", "ScalingActivityInProgress", "DeleteConflict",
		"UpdateInProgressException", "InvalidGroup.InUse", "InvalidIPAddress.InUse", "AuthFailure.InUse", "OperationAborted",
		"ClusterContainsContainerInstancesException", "ClusterContainsTasksException", "ClusterContainsServicesException",
		"ClusterContainsCapacityProviderException", "IncorrectState", "BucketNotEmpty", "ConcurrentModification",
		"EntityTemporarilyUnmodifiable", "ServiceLinkedRoleFailure",
	}, Code(err)) || unheard(err)
}

// unheard says that EC2 has not heard yet of an instance profile that IAM has just made, which takes seconds; Auto
// Scaling refuses a launch template that names it until then, without a code of its own (IAM user guide,
// "Troubleshoot IAM").
func unheard(err error) bool {
	code := Code(err)
	return (code == "ValidationError" || code == "InvalidParameterValue") && strings.Contains(Message(err), "Invalid IAM Instance Profile")
}

// Denied says that the caller may not do this.
func Denied(err error) bool {
	return slices.Contains([]string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden"}, Code(err))
}

// Credentials says that there are no usable credentials.
func Credentials(err error) bool {
	if slices.Contains([]string{
		"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure",
		"SignatureDoesNotMatch", "InvalidSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
		"InvalidAccessKeyId", "TokenRefreshRequired", "OptInRequired",
	}, Code(err)) {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "failed to retrieve credentials") || strings.Contains(text, "get identity: get credentials") ||
		strings.Contains(text, "failed to refresh cached credentials")
}

// Exceeded says that a quota of the account stands in the way.
func Exceeded(err error) bool {
	code := Code(err)
	return strings.HasSuffix(code, "LimitExceeded") && code != "RequestLimitExceeded" || code == "LimitExceededException" ||
		strings.HasPrefix(code, "TooMany") && code != "TooManyRequestsException"
}

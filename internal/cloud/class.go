package cloud

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// class is what an error means to the one who made the call. Every error has one and only one.
type class int

const (
	plain     class = iota // what it says, and nothing that a program could act upon
	throttled              // AWS did nothing; ask again later
	lost                   // no answer: it may have been carried out
	missing                // what the call named is not there
	taken                  // what the call would make is there
	busy                   // something else must go or settle first
	denied                 // the caller may not
	nameless               // nobody knows who the caller is
	exceeded               // a quota stands in the way
)

// Throttled says that AWS did nothing because too much was asked of it at once.
func Throttled(err error) bool { return classOf(err) == throttled }

// Lost says that no answer came, or that AWS broke down while answering: unless Unsent knows better, the call may
// have been carried out. A call that was under way when its context ended counts too.
func Lost(err error) bool { return classOf(err) == lost }

// Missing says that what the call named is not there.
func Missing(err error) bool { return classOf(err) == missing }

// Taken says that what the call would make, or something in its place, is there already.
func Taken(err error) bool { return classOf(err) == taken }

// Busy says that something else must go or settle first; the same call may succeed later.
func Busy(err error) bool { return classOf(err) == busy }

// Denied says that the caller may not do this.
func Denied(err error) bool { return classOf(err) == denied }

// Credentials says that there are no usable credentials.
func Credentials(err error) bool { return classOf(err) == nameless }

// Exceeded says that a quota of the account stands in the way.
func Exceeded(err error) bool { return classOf(err) == exceeded }

// Unsent says of a lost call that its last attempt was certainly not carried out: there never was a connection to send
// it over.
func Unsent(err error) bool {
	var dial *net.OpError
	var name *net.DNSError
	var hands tls.RecordHeaderError
	var cert *tls.CertificateVerificationError
	switch {
	case !Lost(err):
		return false
	case errors.As(err, &dial) && (dial.Op == "dial" || dial.Op == "proxyconnect"):
		return true
	}
	return errors.As(err, &name) || errors.As(err, &hands) || errors.As(err, &cert)
}

// Code is AWS's error code, empty when the error is not an answer of AWS.
func Code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

func classOf(err error) class {
	var none *keyless
	var api smithy.APIError
	switch {
	case err == nil:
		return plain
	case errors.As(err, &none):
		return nameless
	case errors.As(err, &api):
		return classOfAnswer(api, statusOf(err))
	}
	switch status := statusOf(err); { // whatever the words were: somebody between here and AWS may speak HTML
	case status == http.StatusTooManyRequests:
		return throttled
	case status >= http.StatusInternalServerError, status/100 == 2, status == 0 && unanswered(err):
		return lost // a success that cannot be read was carried out all the same
	}
	return plain
}

// unanswered tells errors of the network and of answers that broke off.
func unanswered(err error) bool {
	var send *smithyhttp.RequestSendError
	var cut *smithy.DeserializationError
	var over *smithy.CanceledError
	return errors.As(err, &send) || errors.As(err, &cut) || errors.As(err, &over) || errors.Is(err, context.DeadlineExceeded)
}

// statusOf is the answer's HTTP status, 0 when there was none.
func statusOf(err error) int {
	if answer, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}

func classOfAnswer(api smithy.APIError, status int) class {
	code := api.ErrorCode()
	for _, look := range []func() class{
		func() class { return classOfCode(code) },
		func() class { return classOfText(code, api.ErrorMessage()) },
		func() class { return classOfPattern(code) },
	} {
		if c := look(); c != plain {
			return c
		}
	}
	switch {
	case status == http.StatusTooManyRequests:
		return throttled
	case code == "AuthFailure" && status == http.StatusUnauthorized: // with other statuses it is about a single resource
		return nameless
	case status == http.StatusNotImplemented, strings.HasPrefix(code, "Insufficient"), code == "HealthUnavailable":
		return plain // a plain no, though with a status of 500 and above
	case status >= http.StatusInternalServerError:
		return lost
	}
	return plain
}

// classOfCode knows the codes that say what they mean to those who know them (the error pages of the services' API
// references).
func classOfCode(code string) class {
	switch code {
	case "Throttling", "ThrottlingException", "ThrottledException", "Throttled", "RequestLimitExceeded", "RequestThrottled",
		"RequestThrottledException", "TooManyRequestsException", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
		"BandwidthLimitExceeded", "ConditionalRequestConflict", "ResourceContention", "RequestTimeout", "RequestTimeoutException":
		return throttled
	case "InternalError", "InternalFailure", "InternalServerError", "InternalException", "ServerException", "ServiceFailure",
		"ServiceUnavailable", "Unavailable":
		return lost
	case "NatGatewayMalformed", "ServiceNotActiveException":
		return missing
	case "BucketAlreadyOwnedByYou", "InvalidSubnet.Conflict":
		return taken
	case "DependencyViolation", "ResourceInUse", "ResourceInUseException", "ScalingActivityInProgress", "DeleteConflict",
		"UpdateInProgressException", "InvalidGroup.InUse", "InvalidIPAddress.InUse", "OperationAborted", "OperationAbortedException",
		"ClusterContainsContainerInstancesException", "ClusterContainsTasksException", "ClusterContainsServicesException",
		"ClusterContainsCapacityProviderException", "IncorrectState", "IncorrectInstanceState", "BucketNotEmpty",
		"ConcurrentModification", "ConcurrentModificationException", "ConflictException", "EntityTemporarilyUnmodifiable",
		"ServiceLinkedRoleFailure", "InstanceRefreshInProgress", "TooManyUpdates":
		return busy
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden":
		return denied
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId", "UnrecognizedClientException",
		"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "IncompleteSignatureException",
		"MissingAuthenticationToken", "MissingAuthenticationTokenException", "InvalidAccessKeyId", "InvalidToken",
		"TokenRefreshRequired", "RequestTimeTooSkewed", "OptInRequired", "NotSignedUp":
		return nameless
	case "LimitExceededException", "ServiceQuotaExceededException", "QuotaExceededException":
		return exceeded
	}
	return plain
}

// classOfPattern goes by how AWS forms its codes.
func classOfPattern(code string) class {
	switch {
	case strings.Contains(code, "NotFound"), strings.HasPrefix(code, "NoSuch"):
		return missing
	case strings.Contains(code, "AlreadyExists"), strings.HasPrefix(code, "Duplicate"), strings.HasSuffix(code, ".Duplicate"):
		return taken
	case strings.HasSuffix(code, "LimitExceeded"), strings.HasPrefix(code, "TooMany"):
		return exceeded
	}
	return plain
}

// classOfText reads the message where a code says nothing but that something is wrong with the call.
func classOfText(code, message string) class {
	for _, one := range []struct {
		code, text string
		is         class
	}{
		{"ValidationError", "name not found", missing}, // Auto Scaling: "AutoScalingGroup name not found - …"
		{"ClientException", "does not exist", missing}, // ECS: "The specified capacity provider does not exist. …"
		{"ClientException", "Unable to describe task definition", missing},
		{"ClientException", "already exists", taken},
		{"InvalidParameterException", "was not idempotent", taken}, // ECS: "Creation of service was not idempotent."
		// What IAM has just made is known elsewhere some seconds later.
		{"InvalidParameterValue", "Invalid IAM Instance Profile", busy},
		{"ValidationError", "Invalid IAM Instance Profile", busy},
		{"ClientException", "Unable to assume the service linked role", busy},
		{"InvalidParameterException", "Unable to assume the service linked role", busy},
		{"InvalidParameter", "Unable to assume given IAM role", busy}, // EC2: CreateFlowLogs
	} {
		if code == one.code && strings.Contains(message, one.text) {
			return one.is
		}
	}
	return plain
}

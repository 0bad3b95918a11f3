package cloud_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"berth/internal/cloud"
)

// classes are the names of all classes that an error is in.
func classes(err error) []string {
	var in []string
	for _, one := range []struct {
		name string
		is   func(error) bool
	}{
		{"throttled", cloud.Throttled},
		{"lost", cloud.Lost},
		{"missing", cloud.Missing},
		{"taken", cloud.Taken},
		{"busy", cloud.Busy},
		{"denied", cloud.Denied},
		{"credentials", cloud.Credentials},
		{"exceeded", cloud.Exceeded},
	} {
		if one.is(err) {
			in = append(in, one.name)
		}
	}
	return in
}

// known is what AWS answers and the one class that it is in: service, status, code, class, message.
const known = `
ec2         503 RequestLimitExceeded throttled Request limit exceeded.
ec2         503 EC2ThrottledException throttled
ec2         500 InternalError lost An internal error has occurred
ec2         503 Unavailable lost The service is unavailable. Please try again shortly.
ec2         503 ServiceUnavailable lost
ec2         502 BadGateway lost
ec2         504 GatewayTimeout lost
ec2         500 InsufficientInstanceCapacity - We currently do not have sufficient m7i.large capacity
ec2         503 InsufficientAddressCapacity - There are not enough Elastic IP addresses
ec2         400 InvalidVpcID.NotFound missing The vpc ID 'vpc-1' does not exist
ec2         400 InvalidSubnetID.NotFound missing
ec2         400 InvalidSubnetId.NotFound missing
ec2         400 InvalidGroup.NotFound missing The security group 'sg-1' does not exist
ec2         400 InvalidSecurityGroupID.NotFound missing
ec2         400 InvalidAllocationID.NotFound missing
ec2         400 InvalidRoute.NotFound missing
ec2         400 InvalidPermission.NotFound missing
ec2         400 NatGatewayNotFound missing NatGateway nat-1 was not found
ec2         400 NatGatewayMalformed missing
ec2         400 InvalidLaunchTemplateName.NotFoundException missing
ec2         400 InvalidLaunchTemplateId.VersionNotFound missing
ec2         400 InvalidLaunchTemplateName.AlreadyExistsException taken Launch template name already in use.
ec2         400 RouteAlreadyExists taken
ec2         400 InvalidGroup.Duplicate taken
ec2         400 InvalidPermission.Duplicate taken
ec2         400 InvalidKeyPair.Duplicate taken
ec2         400 InvalidSubnet.Conflict taken The CIDR '10.0.0.0/24' conflicts with another subnet
ec2         400 DependencyViolation busy The vpc 'vpc-1' has dependencies and cannot be deleted.
ec2         400 InvalidGroup.InUse busy
ec2         400 InvalidIPAddress.InUse busy
ec2         400 IncorrectState busy
ec2         400 IncorrectInstanceState busy
ec2         403 UnauthorizedOperation denied You are not authorized to perform this operation.
ec2         401 AuthFailure credentials AWS was not able to validate the provided access credentials
ec2         400 AuthFailure - You do not have permission to access the specified resource.
ec2         400 RequestExpired credentials Request has expired.
ec2         400 VpcLimitExceeded exceeded The maximum number of VPCs has been reached.
ec2         400 AddressLimitExceeded exceeded
ec2         400 NatGatewayLimitExceeded exceeded
ec2         400 RulesPerSecurityGroupLimitExceeded exceeded
ec2         400 VcpuLimitExceeded exceeded
ec2         400 InvalidParameterValue - Value (x) for parameter cidrBlock is invalid.
ec2         400 InvalidParameterValue busy Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name
ec2         400 InvalidVpc.Range -
ec2         400 OperationNotPermitted -
ec2         412 DryRunOperation -
autoscaling 400 Throttling throttled Rate exceeded
autoscaling 500 ResourceContention throttled
autoscaling 400 ValidationError missing AutoScalingGroup name not found - AutoScalingGroup x not found
autoscaling 400 ValidationError - At least one Availability Zone or VPC Subnet is required.
autoscaling 400 ValidationError busy You must use a valid fully-formed launch template. Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name
autoscaling 400 AlreadyExists taken
autoscaling 400 ScalingActivityInProgress busy
autoscaling 400 ResourceInUse busy
autoscaling 500 ServiceLinkedRoleFailure busy
autoscaling 400 InstanceRefreshInProgress busy
autoscaling 400 LimitExceeded exceeded
autoscaling 403 AccessDenied denied
autoscaling 500 InternalFailure lost
elb         400 LoadBalancerNotFound missing There is no ACTIVE Load Balancer named 'x'
elb         400 DuplicateLoadBalancerName taken
elb         400 TooManyLoadBalancers exceeded
elb         409 InvalidConfigurationRequest -
elb         400 Throttling throttled
elbv2       400 LoadBalancerNotFound missing
elbv2       400 TargetGroupNotFound missing
elbv2       400 ListenerNotFound missing
elbv2       400 DuplicateLoadBalancerName taken
elbv2       400 DuplicateTargetGroupName taken
elbv2       400 DuplicateListener taken
elbv2       400 ResourceInUse busy
elbv2       400 TooManyTargetGroups exceeded
elbv2       429 PriorRequestNotComplete throttled
elbv2       500 HealthUnavailable -
elbv2       500 InsufficientCapacity -
elbv2       400 OperationNotPermitted -
ecs         400 ThrottlingException throttled Rate exceeded
ecs         400 ClusterNotFoundException missing Cluster not found.
ecs         400 com.amazonaws.ecs#ClusterNotFoundException missing Cluster not found.
ecs         400 ServiceNotFoundException missing
ecs         400 ServiceNotActiveException missing
ecs         400 ClusterContainsContainerInstancesException busy
ecs         400 ClusterContainsTasksException busy
ecs         400 ClusterContainsServicesException busy
ecs         400 ClusterContainsCapacityProviderException busy
ecs         400 ResourceInUseException busy
ecs         400 UpdateInProgressException busy
ecs         400 ConflictException busy
ecs         400 LimitExceededException exceeded
ecs         400 AccessDeniedException denied
ecs         400 ClientException missing The specified capacity provider does not exist. Specify a valid name or ARN and try again.
ecs         400 ClientException missing Unable to describe task definition.
ecs         400 ClientException taken The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.
ecs         400 ClientException -
ecs         400 InvalidParameterException taken Creation of service was not idempotent.
ecs         400 InvalidParameterException busy Unable to assume the service linked role. Please verify that the ECS service linked role exists.
ecs         400 InvalidParameterException -
ecs         500 ServerException lost
ecs         400 ExpiredTokenException credentials The security token included in the request is expired
ecs         400 UnrecognizedClientException credentials The security token included in the request is invalid.
ecs         400 InvalidSignatureException credentials
ecs         400 MissingAuthenticationTokenException credentials
iam         400 Throttling throttled Rate exceeded
iam         404 NoSuchEntity missing
iam         409 EntityAlreadyExists taken
iam         409 DeleteConflict busy
iam         409 ConcurrentModification busy
iam         409 EntityTemporarilyUnmodifiable busy
iam         409 LimitExceeded exceeded Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1
iam         403 AccessDenied denied
iam         403 ExpiredToken credentials The security token included in the request is expired
iam         403 InvalidClientTokenId credentials The security token included in the request is invalid.
iam         403 SignatureDoesNotMatch credentials
iam         500 ServiceFailure lost
iam         400 MalformedPolicyDocument -
sts         400 Throttling throttled
sts         403 ExpiredToken credentials
sts         403 InvalidClientTokenId credentials
sts         403 AccessDenied denied
s3          503 SlowDown throttled Please reduce your request rate.
s3          409 ConditionalRequestConflict throttled
s3          400 RequestTimeout throttled Your socket connection to the server was not read from or written to within the timeout period.
s3          500 InternalError lost We encountered an internal error. Please try again.
s3          503 ServiceUnavailable lost
s3          501 NotImplemented - A header you provided implies functionality that is not implemented.
s3          404 NoSuchBucket missing
s3          404 NoSuchKey missing
s3          404 NoSuchTagSet missing
s3          404 NoSuchBucketPolicy missing
s3          404 NoSuchLifecycleConfiguration missing
s3          404 NoSuchPublicAccessBlockConfiguration missing
s3          404 OwnershipControlsNotFoundError missing
s3          404 ServerSideEncryptionConfigurationNotFoundError missing
s3          409 BucketAlreadyExists taken
s3          409 BucketAlreadyOwnedByYou taken
s3          409 BucketNotEmpty busy
s3          409 OperationAborted busy
s3          400 TooManyBuckets exceeded
s3          403 AccessDenied denied Access Denied
s3          403 InvalidAccessKeyId credentials
s3          400 ExpiredToken credentials
s3          400 InvalidToken credentials
s3          403 RequestTimeTooSkewed credentials
s3          403 NotSignedUp credentials
s3          412 PreconditionFailed -
s3-head     404 NotFound missing
s3-head     403 Forbidden denied
s3-head     400 BadRequest -
s3-head     301 MovedPermanently -
s3-head     412 PreconditionFailed -
s3-head     500 InternalServerError lost
s3-head     503 ServiceUnavailable lost
ssm         400 ThrottlingException throttled
ssm         400 ParameterNotFound missing
ssm         400 ParameterAlreadyExists taken
ssm         400 ParameterLimitExceeded exceeded
ssm         400 TooManyUpdates busy
ssm         400 AccessDeniedException denied
ssm         500 InternalServerError lost
logs        400 ThrottlingException throttled
logs        400 ResourceNotFoundException missing
logs        400 ResourceAlreadyExistsException taken
logs        400 OperationAbortedException busy
logs        400 LimitExceededException exceeded
logs        503 ServiceUnavailableException lost
quotas      429 TooManyRequestsException throttled
quotas      400 NoSuchResourceException missing
quotas      400 QuotaExceededException exceeded
quotas      400 AccessDeniedException denied
quotas      500 ServiceException lost
quotas      429 UnheardOf throttled
`

func TestAnswersOfAWSAreInOneClassEach(t *testing.T) {
	for line := range strings.Lines(strings.TrimSpace(known)) {
		words := strings.SplitN(strings.TrimSpace(line)+" ", " ", 2)
		rest := strings.Fields(words[1])
		service, code, want := words[0], rest[1], rest[2]
		status, err := strconv.Atoi(rest[0])
		if err != nil {
			t.Fatal(err)
		}
		err = answer(t, service, status, code, strings.Join(rest[3:], " "))
		if bare := code[strings.IndexByte(code, '#')+1:]; cloud.Code(err) != bare {
			t.Errorf("%s %s has the code %q", service, code, cloud.Code(err))
		}
		got := classes(err)
		if want == "-" && len(got) > 0 || want != "-" && !slices.Equal(got, []string{want}) {
			t.Errorf("%s %d %s %q is in %v, want %s", service, status, code, strings.Join(rest[3:], " "), got, want)
		}
		if cloud.Unsent(err) {
			t.Errorf("%s %s was answered, but counts as never sent", service, code)
		}
	}
}

func TestTroubleOfTheNetworkIsALostCall(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	read := func(err error) error { return &net.OpError{Op: "read", Net: "tcp", Err: err} }
	for _, one := range []struct {
		name   string
		err    error
		unsent bool
	}{
		{"connection refused", dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), true},
		{"no route", dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH)), true},
		{"no such host", dial(&net.DNSError{Err: "no such host", Name: "ec2.eu-west-9.amazonaws.com", IsNotFound: true}), true},
		{"no answer to the connection", dial(os.ErrDeadlineExceeded), true},
		{"no way to the proxy", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(syscall.ECONNREFUSED)}, true},
		{"a stranger's certificate", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, true},
		{"no TLS at the other end", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, true},
		{"connection reset", read(os.NewSyscallError("read", syscall.ECONNRESET)), false},
		{"broken pipe", &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE}, false},
		{"connection closed", io.EOF, false},
		{"connection cut", io.ErrUnexpectedEOF, false},
		{"no answer in time", context.DeadlineExceeded, false},
	} {
		t.Run(one.name, func(t *testing.T) {
			c := answering(func(*http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("Post \"https://x/\": %w", one.err)
			}, cloud.Options{})
			err := asked(c)["ec2"](t.Context())
			if got := classes(err); !slices.Equal(got, []string{"lost"}) || cloud.Unsent(err) != one.unsent {
				t.Errorf("%v is in %v, unsent: %v", err, got, cloud.Unsent(err))
			}
		})
	}
}

func TestAnswerThatBreaksOffIsALostCall(t *testing.T) {
	for service, text := range map[string]string{
		"ec2": "<CreateVpcResponse><vpc><vpcId>vpc-1</vpc", "sts": "<GetCallerIdentityResponse><GetCallerIdentityResult><Acc",
		"ecs": `{"cluster": {"clusterArn": "arn:aw`, "ssm": `{"Parameter": {"Na`,
	} {
		t.Run(service, func(t *testing.T) {
			c := answering(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: cut{strings.NewReader(text)}}, nil
			}, cloud.Options{})
			err := asked(c)[service](t.Context())
			if got := classes(err); !slices.Equal(got, []string{"lost"}) || cloud.Unsent(err) {
				t.Errorf("%v is in %v", err, got)
			}
		})
	}
}

func TestRefusalThatBreaksOffIsALostCall(t *testing.T) {
	for _, service := range []string{"ec2", "iam", "s3", "ecs", "logs", "s3-head"} {
		for _, status := range []int{400, 412, 500} {
			c := answering(func(*http.Request) (*http.Response, error) {
				r := framed(service, status, "Throttling", "Rate exceeded")
				r.Body = cut{io.LimitReader(r.Body, 40)}
				return r, nil
			}, cloud.Options{})
			if err := asked(c)[service](t.Context()); !cloud.Lost(err) || cloud.Unsent(err) {
				t.Errorf("%s %d: %v is in %v", service, status, err, classes(err))
			}
		}
	}
}

// cut is a body whose connection breaks at its end.
type cut struct{ io.Reader }

func (c cut) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (cut) Close() error { return nil }

// A proxy between here and AWS answers in HTML.
func TestAnswersOfStrangersCountByTheirStatus(t *testing.T) {
	for status, want := range map[int][]string{403: nil, 407: nil, 404: nil, 429: {"throttled"}, 502: {"lost"}, 503: {"lost"}, 504: {"lost"}} {
		for _, service := range []string{"ec2", "iam", "s3", "ecs", "logs"} {
			c := answering(func(*http.Request) (*http.Response, error) {
				header := http.Header{"Content-Type": {"text/html"}}
				return &http.Response{StatusCode: status, Header: header, Body: body("<html><body><p>Sorry<br></body></html>")}, nil
			}, cloud.Options{})
			err := asked(c)[service](t.Context())
			if got := classes(err); err == nil || !slices.Equal(got, want) {
				t.Errorf("%s %d: %v is in %v, want %v", service, status, err, got, want)
			}
		}
	}
}

func TestNoErrorIsInNoClass(t *testing.T) {
	for _, err := range []error{nil, errors.New("AccessDenied"), io.EOF, context.Canceled} {
		if got := classes(err); got != nil || cloud.Code(err) != "" || cloud.Unsent(err) {
			t.Errorf("%v is in %v", err, got)
		}
	}
}

func TestCallThatIsInterruptedWhileUnderWayIsLost(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := answering(func(r *http.Request) (*http.Response, error) {
		cancel()
		return nil, r.Context().Err()
	}, cloud.Options{})
	err := asked(c)["ec2"](ctx)
	if !cloud.Lost(err) || cloud.Unsent(err) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v is in %v", err, classes(err))
	}
}

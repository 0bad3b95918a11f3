package wire

import (
	"reflect"

	"github.com/aws/smithy-go"
)

// Protocol is how a service frames its requests and answers.
type Protocol int

// The protocols that AWS's services speak.
const (
	EC2Query Protocol = iota // form in, XML out, lists flattened: ec2
	Query                    // form in, XML out, lists as member.N: autoscaling, both load balancers, iam, sts
	JSON10                   // AWS JSON 1.0: sqs
	JSON11                   // AWS JSON 1.1: ecs, ssm, logs, servicequotas
	RestXML                  // S3
	CBOR                     // Smithy RPC v2 with CBOR bodies: cloudwatch
)

// Envelope says which operation arrived, and from where.
type Envelope struct {
	Service   string // Service.Name
	Operation string // as in the SDK: "CreateVpc"
	Region    string // of the credential scope; empty when the request is not signed
	AccessKey string // of the credential scope; empty when the request is not signed
	RequestID string // sent back in the answer
}

// Operation is one typed API operation; C is what the simulator hands to a service function.
type Operation[C any] struct {
	In, Out reflect.Type                   // the SDK's struct types, not pointers
	Run     func(c C, in any) (any, error) // takes *In, gives *Out, never nil without an error
}

// Op makes an Operation of a typed function, which keeps the linker able to drop every SDK method nobody calls.
func Op[C, I, O any](f func(C, *I) (*O, error)) Operation[C] {
	return Operation[C]{
		In:  reflect.TypeFor[I](),
		Out: reflect.TypeFor[O](),
		Run: func(c C, in any) (any, error) {
			typed, ok := in.(*I)
			if !ok {
				return nil, Errorf("SerializationException", "the operation takes %T, not %T", typed, in)
			}
			out, err := f(c, typed)
			if err != nil {
				return nil, err
			}
			if out == nil {
				out = new(O)
			}
			return out, nil
		},
	}
}

// Service is one API: how it is addressed, how it is framed, and its operations by name.
type Service[C any] struct {
	Name     string // as in the Envelope, traces and faults: "ec2", "elasticloadbalancingv2", "logs"
	Protocol Protocol
	Route    string                // X-Amz-Target prefix (JSON), service in the path (CBOR), form Version (query); empty for S3
	XMLNS    string                // the answer's namespace (query, S3)
	Schema   *smithy.ServiceSchema // from the SDK's schemas package, JSON and CBOR only
	Errors   *smithy.TypeRegistry  // the SDK's, of services that were query services once: it has their old error codes
	Also     []Framing             // in which other ways the same operations can be called
	Ops      map[string]Operation[C]
}

// Framing is a further way to call a service's operations. AWS keeps serving the protocols that a service had before: SQS and
// CloudWatch still answer the query protocol to old clients. A framing in query needs no names table where the service has
// schemas.
type Framing struct {
	Protocol     Protocol
	Route, XMLNS string // as in Service
}

// Caller runs one decoded operation: the simulator locks its world, throws its dice, calls run, and traces.
// Its calls may be concurrent.
type Caller[C any] func(env Envelope, in any, run func(C) (any, error)) (out any, err error)

package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/rpcv2"
)

// schemaProtocol is the SDK's own client protocol of a service: what serializes its requests serializes our answers.
func schemaProtocol(p Protocol, schema *smithy.ServiceSchema) smithyhttp.ClientProtocol {
	switch p {
	case CBOR:
		return rpcv2.NewCBOR(schema)
	case JSON10:
		return awsjson.New10(schema)
	default:
		return awsjson.New11(schema)
	}
}

// serveJSON answers one AWS JSON request.
func (s *Server[C]) serveJSON(env Envelope, r *http.Request) *answer {
	prefix, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	svc := s.targets[prefix]
	if svc == nil {
		return jsonError(JSON11, Errorf("UnknownOperationException", "no service here has the target %q", prefix))
	}
	env.Service, env.Operation = svc.Name, op
	body, err := s.schematic(env, svc, r, s.codec.decodeJSON)
	if err != nil {
		return svc.compatibly(jsonError(svc.Protocol, asError(err)), asError(err))
	}
	return newAnswer(http.StatusOK, jsonType(svc.Protocol), body)
}

// schematic finds the operation of a service with schemas, decodes its input, runs it and renders its output.
func (s *Server[C]) schematic(env Envelope, svc *endpoint[C], r *http.Request, decode func([]byte, reflect.Value) error) ([]byte, error) {
	op, ok := svc.Ops[env.Operation]
	if !ok {
		return nil, Errorf("UnknownOperationException", "The operation %s is not known to %s.", env.Operation, svc.Name)
	}
	body, err := readMessage(r)
	if err != nil {
		return nil, err
	}
	in := reflect.New(op.In)
	if err := decode(body, in.Elem()); err != nil {
		return nil, Errorf("SerializationException", "%v", err)
	}
	out, err := s.run(env, op, in.Interface())
	if err != nil {
		return nil, err
	}
	return encodeSchema(svc.schemas, s.codec.whole(out))
}

// encodeSchema renders an output by the SDK's schemas. The operation's own schema isn't exported, and any other does: the
// protocol takes from it only whether there is a body.
func encodeSchema(p smithyhttp.ClientProtocol, out any) ([]byte, error) {
	shape, ok := out.(smithy.Serializable)
	if !ok {
		return nil, fmt.Errorf("%T has no schema", out)
	}
	req, ok := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	if !ok {
		return nil, fmt.Errorf("the SDK's request is another type")
	}
	some := smithy.NewSchema(smithy.ShapeID{Namespace: "berth", Name: "Any"}, smithy.ShapeTypeStructure, 0)
	if err := p.SerializeRequest(context.Background(), smithy.NewOperationSchema(some, some, some), shape, req); err != nil {
		return nil, err
	}
	if req.GetStream() == nil {
		return nil, nil
	}
	return io.ReadAll(req.GetStream())
}

// jsonError renders a refusal; clients read its code from the header or from __type.
func jsonError(p Protocol, e *Error) *answer {
	body, err := json.Marshal(map[string]string{"__type": e.Code, "message": e.Message})
	if err != nil {
		body = []byte("{}")
	}
	a := newAnswer(e.status(), jsonType(p), body)
	a.header.Set("X-Amzn-Errortype", e.Code)
	return a
}

// jsonType is a JSON dialect's content type.
func jsonType(p Protocol) string {
	if p == JSON10 {
		return "application/x-amz-json-1.0"
	}
	return "application/x-amz-json-1.1"
}

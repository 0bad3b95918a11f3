package wire

import (
	"reflect"
	"sync"
	"time"
)

// codec keeps the encoding and decoding plans of the types seen so far. A plan is compiled on a type's first use, with
// everything below it: reflection by field name on every call costs twenty times as much.
type codec struct {
	mu       sync.Mutex
	decoders map[reflect.Type]*decodePlan
	encoders map[reflect.Type]*encodePlan
	json     map[reflect.Type]*jsonPlan
	zeros    map[reflect.Type]zeros
}

func newCodec() *codec {
	return &codec{
		decoders: map[reflect.Type]*decodePlan{},
		encoders: map[reflect.Type]*encodePlan{},
		json:     map[reflect.Type]*jsonPlan{},
		zeros:    map[reflect.Type]zeros{},
	}
}

// isTime and isBytes tell the two types that look like structures and lists, but are scalars on the wire.
func isTime(t reflect.Type) bool { return t == reflect.TypeFor[time.Time]() }

func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

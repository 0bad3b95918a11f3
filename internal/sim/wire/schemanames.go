package wire

import (
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
	"github.com/aws/smithy-go/traits"
)

// schemaNames are the wire names of an SDK structure whose service has schemas, by the query protocol's rules (Smithy, "AWS
// query protocol"); none for a structure without one. Names are the same in both directions. Where two members have one name the
// first gets it: SQS's ReceiveMessage has two that mean the same.
func schemaNames(t reflect.Type) map[string]fieldNames {
	shape, ok := reflect.TypeAssert[smithy.Serializable](reflect.New(t))
	if !ok {
		return nil
	}
	var of schemaOf
	shape.Serialize(&of)
	if of.schema == nil {
		return nil
	}
	members := map[string]*smithy.Schema{}
	for name, member := range of.schema.Members() { // unordered: a map becomes a map
		members[strings.ToLower(name)] = member
	}
	fields, taken := map[string]fieldNames{}, map[string]bool{}
	for f := range t.Fields() {
		m := members[strings.TrimSuffix(strings.ToLower(f.Name), "_")]
		if m == nil || !f.IsExported() || taken[xmlName(m)] {
			continue
		}
		w := &wireName{name: xmlName(m), levels: schemaLevels(m)}
		fields[f.Name], taken[w.name] = fieldNames{in: w, out: w}, true
	}
	return fields
}

// xmlName is a member's name in XML and forms.
func xmlName(s *smithy.Schema) string {
	if own, ok := smithy.SchemaTrait[*traits.XMLName](s); ok {
		return own.Name
	}
	return s.MemberName()
}

// schemaLevels are the tags around a list's elements or in a map's entries, and further inwards.
func schemaLevels(s *smithy.Schema) []string {
	var levels []string
	_, flat := smithy.SchemaTrait[*traits.XMLFlattened](s)
	if flat {
		levels = []string{flatList}
	}
	switch s.Type() {
	case smithy.ShapeTypeList, smithy.ShapeTypeSet:
		if !flat {
			levels = []string{xmlName(s.ListMember())}
		}
		return append(levels, schemaLevels(s.ListMember())...)
	case smithy.ShapeTypeMap:
		levels = append(levels, xmlName(s.MapKey())+","+xmlName(s.MapValue()))
		return append(levels, schemaLevels(s.MapValue())...)
	default:
		return nil
	}
}

// schemaOf takes the schema that a shape announces when it serializes itself, and nothing else: the SDK exports no other way
// from a Go type to its schema.
type schemaOf struct{ schema *smithy.Schema }

// WriteStruct is part of smithy.ShapeSerializer, as all that follow.
func (w *schemaOf) WriteStruct(s *smithy.Schema) {
	if w.schema == nil {
		w.schema = s
	}
}

func (*schemaOf) Bytes() []byte                                { return nil }
func (*schemaOf) WriteInt8(*smithy.Schema, int8)               {}
func (*schemaOf) WriteInt16(*smithy.Schema, int16)             {}
func (*schemaOf) WriteInt32(*smithy.Schema, int32)             {}
func (*schemaOf) WriteInt64(*smithy.Schema, int64)             {}
func (*schemaOf) WriteFloat32(*smithy.Schema, float32)         {}
func (*schemaOf) WriteFloat64(*smithy.Schema, float64)         {}
func (*schemaOf) WriteBool(*smithy.Schema, bool)               {}
func (*schemaOf) WriteString(*smithy.Schema, string)           {}
func (*schemaOf) WriteBigInt(*smithy.Schema, *big.Int)         {}
func (*schemaOf) WriteBigFloat(*smithy.Schema, *big.Float)     {}
func (*schemaOf) WriteBlob(*smithy.Schema, []byte)             {}
func (*schemaOf) WriteTime(*smithy.Schema, time.Time)          {}
func (*schemaOf) WriteUnion(_, _ *smithy.Schema)               {}
func (*schemaOf) CloseUnion()                                  {}
func (*schemaOf) WriteDocument(*smithy.Schema, document.Value) {}
func (*schemaOf) WriteNil(*smithy.Schema)                      {}
func (*schemaOf) CloseStruct()                                 {}
func (*schemaOf) WriteList(*smithy.Schema)                     {}
func (*schemaOf) CloseList()                                   {}
func (*schemaOf) WriteMap(*smithy.Schema)                      {}
func (*schemaOf) WriteKey(*smithy.Schema, string)              {}
func (*schemaOf) CloseMap()                                    {}

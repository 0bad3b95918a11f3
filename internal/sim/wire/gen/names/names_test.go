package names

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// rendered reads generated code and returns the table's lines.
func rendered(code string, keep func(string) bool) string {
	s := newSource()
	s.scan(code)
	var b bytes.Buffer
	s.render(&b, keep)
	return b.String()
}

// The pieces below are cut from what the SDK's generator writes.
const (
	structure = `
func awsEc2query_serializeOpDocumentCreateVpcInput(v *CreateVpcInput, value query.Value) error {
	object := value.Object()
	if v.CidrBlock != nil {
		objectKey := object.Key("CidrBlock")
		objectKey.String(*v.CidrBlock)
	}
	if v.TagSpecifications != nil {
		objectKey := object.FlatKey("TagSpecification")
		if err := awsEc2query_serializeDocumentTagSpecificationList(v.TagSpecifications, objectKey); err != nil {
			return err
		}
	}
	{
		objectKey := object.Key("Min")
		objectKey.Integer(v.MinCount)
	}
}
func awsEc2query_serializeDocumentTagSpecificationList(v []types.TagSpecification, value query.Value) error {
	array := value.Array("Item")
	for i := range v {
		if err := awsEc2query_serializeDocumentTagSpecification(&v[i], av); err != nil {
			return err
		}
	}
}
func awsEc2query_deserializeDocumentVpc(v **types.Vpc, decoder smithyxml.NodeDecoder) error {
		case strings.EqualFold("tagSet", t.Name.Local):
			if err := awsEc2query_deserializeDocumentTagList(&sv.Tags, nodeDecoder); err != nil {
		case strings.EqualFold("isDefault", t.Name.Local):
				xtv, err := strconv.ParseBool(string(val))
				sv.IsDefault = ptr.Bool(xtv)
		case strings.EqualFold("odd", t.Name.Local):
				sv.Blob, err = base64.StdEncoding.DecodeString(string(val))
}
func awsEc2query_deserializeDocumentTagList(v *[]types.Tag, decoder smithyxml.NodeDecoder) error {
		case strings.EqualFold("item", t.Name.Local):
			if err := awsEc2query_deserializeDocumentTag(&destAddr, nodeDecoder); err != nil {
}
func awsEc2query_deserializeDocumentTagListUnwrapped(v *[]types.Tag, decoder smithyxml.NodeDecoder) error {
			if err := awsEc2query_deserializeDocumentTag(&destAddr, nodeDecoder); err != nil {
}
`
	mapping = `
func awsAwsquery_serializeDocumentConfig(v *types.Config, value query.Value) error {
		objectKey := object.Key("Params")
		if err := awsAwsquery_serializeDocumentParams(v.Params, objectKey); err != nil {
}
func awsAwsquery_serializeDocumentParams(v map[string][]string, value query.Value) error {
	object := value.Map("key", "value")
		if err := awsAwsquery_serializeDocumentNames(v[key], om); err != nil {
}
func awsAwsquery_serializeDocumentNames(v []string, value query.Value) error {
	array := value.Array("member")
}
func awsAwsquery_deserializeDocumentConfig(v **types.Config, decoder smithyxml.NodeDecoder) error {
		case strings.EqualFold("Params", t.Name.Local):
			if err := awsAwsquery_deserializeDocumentParams(&sv.Params, nodeDecoder); err != nil {
}
func awsAwsquery_deserializeDocumentParams(v *map[string][]string, decoder smithyxml.NodeDecoder) error {
		case strings.EqualFold("entry", t.Name.Local):
			if err := awsAwsquery_deserializeDocumentParamsUnwrapped(&sv, entryDecoder); err != nil {
}
func awsAwsquery_deserializeDocumentParamsUnwrapped(v *map[string][]string, decoder smithyxml.NodeDecoder) error {
		case strings.EqualFold("key", t.Name.Local):
		case strings.EqualFold("value", t.Name.Local):
			if err := awsAwsquery_deserializeDocumentNames(&ev, nodeDecoder); err != nil {
}
func awsAwsquery_deserializeDocumentNames(v *[]string, decoder smithyxml.NodeDecoder) error {
		case strings.EqualFold("member", t.Name.Local):
}
`
	rest = `
func (m *awsRestxml_serializeOpPutThing) HandleSerialize(ctx context.Context) {
	opPath, opQuery := httpbinding.SplitURI("/{Key+}?thing")
	request.Method = "PUT"
	if input.Thing != nil {
			Name: smithyxml.Name{
				Local: "ThingConfiguration",
			},
		if err := awsRestxml_serializeDocumentThing(input.Thing, xmlEncoder.RootElement(payloadRoot)); err != nil {
}
func awsRestxml_serializeOpHttpBindingsPutThingInput(v *PutThingInput, encoder *httpbinding.Encoder) error {
	if v.ACL != "" {
		locationName := "X-Amz-Acl"
		encoder.SetHeader(locationName).String(string(v.ACL))
	}
	if v.Key == nil || len(*v.Key) == 0 {
	}
	if v.Key != nil {
		if err := encoder.SetURI("Key").String(*v.Key); err != nil {
	}
	if v.Metadata != nil {
		hv := encoder.Headers("X-Amz-Meta-")
	}
	if v.Max != nil {
		encoder.SetQuery("max-keys").Integer(*v.Max)
	}
}
func awsRestxml_deserializeOpHttpBindingsPutThingOutput(v *PutThingOutput, response *smithyhttp.Response) error {
	if headerValues := response.Header.Values("ETag"); len(headerValues) != 0 {
		v.ETag = ptr.String(headerValues[0])
	}
	for headerKey, headerValues := range response.Header {
		if lenPrefix := len("x-amz-meta-"); len(headerKey) >= lenPrefix {
			if v.Metadata == nil {
}
func awsRestxml_deserializeOpDocumentPutThingOutput(v *PutThingOutput, body io.ReadCloser) error {
	v.Body = body
}
func (m *awsRestxml_deserializeOpGetThing) HandleDeserialize(ctx context.Context) {
	err = awsRestxml_deserializeDocumentThing(&output.Thing, decoder)
}
`
)

func TestGeneratedCodeBecomesATable(t *testing.T) {
	for _, test := range []struct{ name, code, want string }{
		{"structures and lists", structure, `
.Vpc|Blob<odd|IsDefault<~|Tags<tagSet/item
CreateVpcInput|CidrBlock>|MinCount>Min|TagSpecifications>TagSpecification/-
`},
		{"maps of lists", mapping, `
.Config|Params>/key,value/member</key,value/member
`},
		{"headers, path, query and bodies", rest, `
!PutThing PUT /{Key+}?thing
GetThingOutput|Thing<=
PutThingInput|ACL>@X-Amz-Acl|Key>#|Max>?max-keys|Metadata>*X-Amz-Meta-|Thing>=ThingConfiguration
PutThingOutput|Body<=-|ETag<@|Metadata<*x-amz-meta-
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rendered(test.code, nil); got != strings.TrimPrefix(test.want, "\n") {
				t.Errorf("got\n%s\nwant%s", got, test.want)
			}
		})
	}
}

func TestReachableKeepsWhatTheRootsContain(t *testing.T) {
	keep := Reachable(reflect.TypeFor[ec2.DescribeVpcsOutput]())
	for name, want := range map[string]bool{
		"DescribeVpcsOutput": true, ".Vpc": true, ".Tag": true, ".VpcCidrBlockAssociation": true,
		"DescribeVpcsInput": false, ".Filter": false, ".Subnet": false, "Vpc": false,
	} {
		if keep(name) != want {
			t.Errorf("%s: kept %v", name, !want)
		}
	}
	if got := rendered(structure, Reachable(reflect.TypeFor[ec2.CreateVpcInput]())); strings.Contains(got, ".Vpc|") || !strings.Contains(got, "CreateVpcInput|") {
		t.Errorf("filtered table:\n%s", got)
	}
}

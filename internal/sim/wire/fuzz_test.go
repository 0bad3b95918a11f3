package wire_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"berth/internal/sim/wire"
	"berth/internal/sim/wire/wiretest"
)

// everything serves every operation of every service with empty answers.
func everything() http.Handler {
	return serve(func(wire.Envelope, any) (any, error) { return nil, nil }, wiretest.Names()...)
}

// mustAnswer fails unless a request gets an HTTP answer.
func mustAnswer(t *testing.T, h http.Handler, r *http.Request) {
	t.Helper()
	if status, _ := post(t, h, r); status < 200 || status > 599 {
		t.Errorf("status %d", status)
	}
}

func FuzzQueryRequests(f *testing.F) {
	f.Add("Action=RunInstances&Version=2016-11-15&BlockDeviceMapping.1.Ebs.VolumeSize=8&TagSpecification.2.Tag.1.Key=a")
	f.Add("Action=CreateAutoScalingGroup&Version=2011-01-01&Tags.member.1.Key=a&Tags.member.99999999999.Key=b&MixedInstancesPolicy.LaunchTemplate.Overrides.member.1.InstanceRequirements.VCpuCount.Min=1")
	f.Add("Action=CreateListener&Version=2015-12-01&DefaultActions.member.1.AuthenticateOidcConfig.AuthenticationRequestExtraParams.entry.1.key=k")
	f.Add("Action=AssumeRole&Version=2011-06-15&Tags=&Tags.member=&Tags.member.1=&.=&..1=&Tags.member.01.Key=x")
	f.Add("Action=SendMessage&Version=2012-11-05&MessageAttribute.1.Name=a&MessageAttribute.1.Value.BinaryValue=!&Attribute.2.Name=")
	f.Add("Action=PutMetricData&Version=2010-08-01&MetricData.member.1.Values.member.1=NaN&MetricData.member.1.Timestamp=then")
	f.Add("Action=SetTopicAttributes&Version=2010-03-31&Attributes.entry.1.value=x&Attributes.entry.0.key=y")
	f.Add("Action=ModifyVpcAttribute&Version=2016-11-15&EnableDnsSupport.Value=perhaps")
	h := everything()
	f.Fuzz(func(t *testing.T, body string) { mustAnswer(t, h, form(body)) })
}

func FuzzJSONRequests(f *testing.F) {
	f.Add("AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition", `{"family":"a","containerDefinitions":[{"name":"b","memory":1e2,"environment":[null]}]}`)
	f.Add("AmazonEC2ContainerServiceV20141113.CreateService", `{"serviceName":null,"desiredCount":1.5,"tags":{},"x":[[{}]]}`)
	f.Add("AmazonSSM.SendCommand", `{"Parameters":{"commands":["ls"],"x":null}}`)
	f.Add("AmazonSSM.PutComplianceItems", `{"ExecutionSummary":{"ExecutionTime":1e400}}`)
	f.Add("AWSEvents.PutTargets", `{"Targets":[{"InputTransformer":{"InputPathsMap":[]}},7]}`)
	f.Add("AmazonSQS.SendMessage", `{"MessageAttributes":{"a":{"BinaryValue":"!"},"b":null}}`)
	f.Add("TrentService.Encrypt", `{"Plaintext":"====","EncryptionContext":{"":1}}`)
	f.Add("Logs_20140328.PutLogEvents", `{"logEvents":[{"timestamp":9223372036854775808}]}]`)
	f.Add("ServiceQuotasV20190624.GetServiceQuota", strings.Repeat(`{"a":`, 200))
	h := everything()
	f.Fuzz(func(t *testing.T, operation, body string) { mustAnswer(t, h, target(operation, body)) })
}

func FuzzS3Requests(f *testing.F) {
	f.Add(http.MethodPut, "/b", "tagging", "", "", "<Tagging><TagSet><Tag><Key>a</Key><Value/></Tag></TagSet></Tagging>")
	f.Add(http.MethodPut, "/b", "lifecycle", "", "", "<LifecycleConfiguration><Rule><Expiration><Days>x</Days></Expiration></Rule></LifecycleConfiguration>")
	f.Add(http.MethodPut, "/b/k", "", "X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n")
	f.Add(http.MethodPost, "/b", "delete", "Content-Encoding", "aws-chunked", "<Delete><Object><Key>a</Key></Object></Delete>")
	f.Add(http.MethodGet, "/b", "list-type=2&max-keys=%31", "X-Amz-Optional-Object-Attributes", "a,,b", "")
	f.Add(http.MethodHead, "//", "versionId=1&partNumber=x", "If-Modified-Since", "yesterday", "")
	h := everything()
	f.Fuzz(func(t *testing.T, method, path, query, name, value, body string) {
		r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader(body))
		r.Method, r.URL = method, &url.URL{Path: path, RawQuery: query}
		r.Header.Set(name, value)
		mustAnswer(t, h, r)
	})
}

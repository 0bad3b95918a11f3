package s3

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func TestSettingsThatAreNotThereSaySo(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	box := aws.String("box")
	ok[*s3.DeletePublicAccessBlockOutput](t)(DeletePublicAccessBlock(c, &s3.DeletePublicAccessBlockInput{Bucket: box}))
	ok[*s3.DeleteBucketOwnershipControlsOutput](t)(DeleteBucketOwnershipControls(c, &s3.DeleteBucketOwnershipControlsInput{Bucket: box}))
	err := func(_ any, err error) error { return err }
	tests := []struct {
		err           error
		code, message string
	}{
		{err(GetBucketPolicy(c, &s3.GetBucketPolicyInput{Bucket: box})), "NoSuchBucketPolicy", "The bucket policy does not exist"},
		{err(GetBucketPolicyStatus(c, &s3.GetBucketPolicyStatusInput{Bucket: box})), "NoSuchBucketPolicy", "The bucket policy does not exist"},
		{err(GetBucketTagging(c, &s3.GetBucketTaggingInput{Bucket: box})), "NoSuchTagSet", "The TagSet does not exist"},
		{err(GetBucketLifecycleConfiguration(c, &s3.GetBucketLifecycleConfigurationInput{Bucket: box})), "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"},
		{err(GetPublicAccessBlock(c, &s3.GetPublicAccessBlockInput{Bucket: box})), "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"},
		{err(GetBucketOwnershipControls(c, &s3.GetBucketOwnershipControlsInput{Bucket: box})), "OwnershipControlsNotFoundError", "The bucket ownership controls were not found"},
		{err(GetBucketCors(c, &s3.GetBucketCorsInput{Bucket: box})), "NoSuchCORSConfiguration", "The CORS configuration does not exist"},
		{err(GetBucketReplication(c, &s3.GetBucketReplicationInput{Bucket: box})), "ReplicationConfigurationNotFoundError", "The replication configuration was not found"},
		{err(GetBucketWebsite(c, &s3.GetBucketWebsiteInput{Bucket: box})), "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"},
		{err(GetObjectLockConfiguration(c, &s3.GetObjectLockConfigurationInput{Bucket: box})), "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"},
	}
	for _, tt := range tests {
		refused(t, tt.err, tt.code, 404, tt.message)
	}
}

func TestSettingsThatAreNeverSetAreShownEmpty(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	box := aws.String("box")
	acl := ok[*s3.GetBucketAclOutput](t)(GetBucketAcl(c, &s3.GetBucketAclInput{Bucket: box}))
	if len(acl.Grants) != 1 || acl.Grants[0].Permission != "FULL_CONTROL" || *acl.Grants[0].Grantee.ID != *acl.Owner.ID {
		t.Errorf("acl is %+v", acl)
	}
	if p := ok[*s3.GetBucketRequestPaymentOutput](t)(GetBucketRequestPayment(c, &s3.GetBucketRequestPaymentInput{Bucket: box})); p.Payer != "BucketOwner" {
		t.Errorf("payer is %s", p.Payer)
	}
	if a := ok[*s3.GetBucketAccelerateConfigurationOutput](t)(GetBucketAccelerateConfiguration(c, &s3.GetBucketAccelerateConfigurationInput{Bucket: box})); a.Status != "" {
		t.Errorf("acceleration is %s", a.Status)
	}
	if l := ok[*s3.GetBucketLoggingOutput](t)(GetBucketLogging(c, &s3.GetBucketLoggingInput{Bucket: box})); l.LoggingEnabled != nil {
		t.Errorf("logging is %+v", l.LoggingEnabled)
	}
	if n := ok[*s3.GetBucketNotificationConfigurationOutput](t)(GetBucketNotificationConfiguration(c, &s3.GetBucketNotificationConfigurationInput{Bucket: box})); len(n.QueueConfigurations) != 0 {
		t.Errorf("notifications are %+v", n)
	}
}

func TestSettingsReadBackAsTheyWerePut(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	box := aws.String("box")
	ok[*s3.PutPublicAccessBlockOutput](t)(PutPublicAccessBlock(c, &s3.PutPublicAccessBlockInput{
		Bucket:                         box,
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true)},
	}))
	if p := ok[*s3.GetPublicAccessBlockOutput](t)(GetPublicAccessBlock(c, &s3.GetPublicAccessBlockInput{Bucket: box})).PublicAccessBlockConfiguration; !*p.BlockPublicAcls || *p.BlockPublicPolicy {
		t.Errorf("public access block is %+v", p)
	}
	ok[*s3.PutBucketOwnershipControlsOutput](t)(PutBucketOwnershipControls(c, &s3.PutBucketOwnershipControlsInput{
		Bucket:            box,
		OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: "ObjectWriter"}}},
	}))
	if o := ok[*s3.GetBucketOwnershipControlsOutput](t)(GetBucketOwnershipControls(c, &s3.GetBucketOwnershipControlsInput{Bucket: box})); o.OwnershipControls.Rules[0].ObjectOwnership != "ObjectWriter" {
		t.Errorf("ownership is %+v", o.OwnershipControls)
	}
	ok[*s3.PutBucketEncryptionOutput](t)(PutBucketEncryption(c, &s3.PutBucketEncryptionInput{Bucket: box, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
		Rules: []types.ServerSideEncryptionRule{{
			BucketKeyEnabled:                   aws.Bool(true),
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms", KMSMasterKeyID: aws.String("alias/mine")},
		}},
	}}))
	if e := ok[*s3.GetBucketEncryptionOutput](t)(GetBucketEncryption(c, &s3.GetBucketEncryptionInput{Bucket: box})).ServerSideEncryptionConfiguration.Rules[0]; *e.ApplyServerSideEncryptionByDefault.KMSMasterKeyID != "alias/mine" || !*e.BucketKeyEnabled {
		t.Errorf("encryption is %+v", e)
	}
	if o := put(t, c, "k", "data"); o.ServerSideEncryption != "aws:kms" || *o.SSEKMSKeyId != "alias/mine" {
		t.Errorf("object is encrypted with %s %v", o.ServerSideEncryption, o.SSEKMSKeyId)
	}
	ok[*s3.DeleteBucketEncryptionOutput](t)(DeleteBucketEncryption(c, &s3.DeleteBucketEncryptionInput{Bucket: box}))
	if o := put(t, c, "k", "data"); o.ServerSideEncryption != "AES256" {
		t.Errorf("object is encrypted with %s", o.ServerSideEncryption)
	}
	ok[*s3.PutBucketTaggingOutput](t)(PutBucketTagging(c, &s3.PutBucketTaggingInput{Bucket: box, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}}}))
	ok[*s3.PutBucketTaggingOutput](t)(PutBucketTagging(c, &s3.PutBucketTaggingInput{Bucket: box, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("b"), Value: aws.String("2")}}}}))
	if g := ok[*s3.GetBucketTaggingOutput](t)(GetBucketTagging(c, &s3.GetBucketTaggingInput{Bucket: box})).TagSet; len(g) != 1 || *g[0].Key != "b" {
		t.Errorf("tags are %v", g)
	}
	ok[*s3.DeleteBucketTaggingOutput](t)(DeleteBucketTagging(c, &s3.DeleteBucketTaggingInput{Bucket: box}))
	if _, err := GetBucketTagging(c, &s3.GetBucketTaggingInput{Bucket: box}); err == nil {
		t.Error("tags are still there")
	}
}

func TestSettingsAreChecked(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	box := aws.String("box")
	const badXML = "The XML you provided was not well-formed or did not validate against our published schema"
	_, err := PutBucketVersioning(c, &s3.PutBucketVersioningInput{Bucket: box, VersioningConfiguration: &types.VersioningConfiguration{}})
	refused(t, err, "IllegalVersioningConfigurationException", 400, "The Versioning element must be specified")
	_, err = PutBucketVersioning(c, &s3.PutBucketVersioningInput{Bucket: box, VersioningConfiguration: &types.VersioningConfiguration{Status: "On"}})
	refused(t, err, "MalformedXML", 400, badXML)
	_, err = PutBucketEncryption(c, &s3.PutBucketEncryptionInput{Bucket: box, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{}})
	refused(t, err, "MalformedXML", 400, badXML)
	_, err = PutBucketEncryption(c, &s3.PutBucketEncryptionInput{Bucket: box, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
		Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: "AES256", KMSMasterKeyID: aws.String("k")}}},
	}})
	refused(t, err, "InvalidArgument", 400, "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse")
	_, err = PutPublicAccessBlock(c, &s3.PutPublicAccessBlockInput{Bucket: box})
	refused(t, err, "MalformedXML", 400, badXML)
	_, err = PutBucketOwnershipControls(c, &s3.PutBucketOwnershipControlsInput{Bucket: box, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: "Me"}}}})
	refused(t, err, "MalformedXML", 400, badXML)
	tags := func(keys ...string) error {
		var set []types.Tag
		for _, k := range keys {
			set = append(set, types.Tag{Key: aws.String(k), Value: aws.String("")})
		}
		_, err := PutBucketTagging(c, &s3.PutBucketTaggingInput{Bucket: box, Tagging: &types.Tagging{TagSet: set}})
		return err
	}
	refused(t, tags("a", "a"), "InvalidTag", 400, "Cannot provide multiple Tags with the same key")
	refused(t, tags("aws:a"), "InvalidTag", 400, "System tags cannot be added/updated by requester")
	refused(t, tags(""), "InvalidTag", 400, "The TagKey you have provided is invalid")
}

func TestBucketPoliciesAreCheckedAndKeptAsText(t *testing.T) {
	c := newCall("eu-west-1")
	b := makeBucket(t, c, "")
	put := func(text string) error {
		_, err := PutBucketPolicy(c, &s3.PutBucketPolicyInput{Bucket: aws.String("box"), Policy: aws.String(text)})
		return err
	}
	one := func(s string) string { return `{"Version":"2012-10-17","Statement":{"Effect":"Deny",` + s + `}}` }
	tests := map[string]struct{ text, message string }{
		"no JSON":      {"nonsense", "Policies must be valid JSON and the first byte must be '{'"},
		"no statement": {"{}", "Missing required field Statement"},
		"no principal": {one(`"Action":"s3:*","Resource":"arn:aws:s3:::box"`), "Missing required field Principal"},
		"no action":    {one(`"Principal":"*","Resource":"arn:aws:s3:::box"`), "Missing required field Action"},
		"no resource":  {one(`"Principal":"*","Action":"s3:*"`), "Missing required field Resource"},
		"odd action":   {one(`"Principal":"*","Action":"ec2:*","Resource":"arn:aws:s3:::box"`), "Policy has invalid action"},
		"other bucket": {one(`"Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::box","arn:aws:s3:::other/*"]`), "Policy has invalid resource"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { refused(t, put(tt.text), "MalformedPolicy", 400, tt.message) })
	}
	tls := "{ \"Statement\": [{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\n\"Resource\":[\"arn:aws:s3:::box\",\"arn:aws:s3:::box/*\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"
	if err := put(tls); err != nil {
		t.Fatal(err)
	}
	if got := ok[*s3.GetBucketPolicyOutput](t)(GetBucketPolicy(c, &s3.GetBucketPolicyInput{Bucket: aws.String("box")})); *got.Policy != tls {
		t.Errorf("policy reads back as %s", *got.Policy)
	}
	open := `{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::box/*"}}`
	refused(t, put(open), "AccessDenied", 403, `User: arn:aws:iam::123456789012:user/berth is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::box" `+
		"because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.")
	b.Access = nil
	if err := put(open); err != nil {
		t.Fatal(err)
	}
	if s := ok[*s3.GetBucketPolicyStatusOutput](t)(GetBucketPolicyStatus(c, &s3.GetBucketPolicyStatusInput{Bucket: aws.String("box")})); !*s.PolicyStatus.IsPublic {
		t.Error("a public policy is not called public")
	}
	ok[*s3.DeleteBucketPolicyOutput](t)(DeleteBucketPolicy(c, &s3.DeleteBucketPolicyInput{Bucket: aws.String("box")}))
	if b.Policy != "" {
		t.Error("the policy is still there")
	}
}

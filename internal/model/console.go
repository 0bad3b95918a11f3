package model

// ConsoleURL is a page of AWS's console, of which the path ends where its query begins: "/ecs/v2/clusters/shop/services?".
func (s Scope) ConsoleURL(path string) string {
	host := map[string]string{"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}[s.Partition]
	if host == "" {
		host = s.Region + ".console.aws.amazon.com"
	}
	return "https://" + host + path + "region=" + s.Region
}

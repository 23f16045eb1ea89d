resource "aws_db_instance" "depot" {
  username = "depot"
  password = "@@terraform@@"
}
variable "api_token" {
  default = "@@terraform_default@@"
}
